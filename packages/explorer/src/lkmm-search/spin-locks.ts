import type { InstalledProgram, Operation, Program, Routine, Thread } from '@rseqlab/sim-machine';
import { KERNEL_PROGRAM } from './kernel-program.js';

/** What spin locks may use, and whom they tell what they see. */
export interface LockEnvironment {
  readonly threads: number;
  /** Puts machine code where threads can call it. */
  install(program: Program): InstalledProgram;
  /** A thread may begin to wait for the holder of a lock. */
  waits(t: Thread, holders: () => readonly number[]): void;
  /** It waits no more. */
  goesOn(t: Thread): void;
  /** A thread releases a lock that it does not hold. */
  misuse(t: Thread, flag: 'unmatched-unlock'): void;
}

/** Spin locks: words that are 0 while free and else tell who holds the lock. */
export class SpinLocks {
  readonly #environment: LockEnvironment;
  readonly #take: Routine;
  /** By thread: the addresses of the locks that it holds. */
  readonly #held: readonly Set<number>[];

  constructor(environment: LockEnvironment) {
    this.#environment = environment;
    this.#take = environment.install(KERNEL_PROGRAM).routine('lock');
    this.#held = Array.from({ length: environment.threads }, () => new Set<number>());
  }

  /** `spin_lock()`: blocks while the lock is held, and does not poll. */
  *lock(t: Thread, lock: number): Operation<void> {
    this.#environment.waits(t, () => this.#holdersOf(lock));
    if (!t.exec(this.#take, lock, t.id + 1)) yield;
    this.#environment.goesOn(t);
    this.#held[t.id]!.add(lock);
  }

  /** `spin_trylock()`: 1 if the lock was free. */
  *tryLock(t: Thread, lock: number): Operation<number> {
    if ((yield* t.compareExchange(lock, 0, t.id + 1)) !== 0) return 0;
    this.#held[t.id]!.add(lock);
    return 1;
  }

  /** `spin_unlock()`: a store with release order. */
  *unlock(t: Thread, lock: number): Operation<void> {
    if (!this.#held[t.id]!.delete(lock)) this.#environment.misuse(t, 'unmatched-unlock');
    else yield* t.storeRelease(lock, 0);
  }

  #holdersOf(lock: number): readonly number[] {
    return [...this.#held.keys()].filter((thread) => this.#held[thread]!.has(lock));
  }
}
