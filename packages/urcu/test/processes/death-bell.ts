import { Errno } from '@rseqlab/sim-machine';
import type { KernelModule, Operation, Thread } from '@rseqlab/sim-machine';
import { GRACE_PERIOD_WAITS } from '../../src/domain/domain-layout.js';
import { OwnedLock } from '../../src/processes/owned-lock.js';
import { isDead } from '../../src/processes/process-life.js';
import { RegionOffset } from '../../src/processes/region-layout.js';
import { SharedUpdaters } from '../../src/processes/shared-updaters.js';
import type { SharedUpdatersParts } from '../../src/processes/shared-updaters.js';

/** A word of the header's line that the region leaves free. */
const BELL = 20;

/**
 * Deaths that are told at once, as a kernel tells those of who holds a robust futex. In place of a timeout,
 * that wakes who looks for dead processes: looks that come while nobody has died find nothing, but of
 * loops of them there are endlessly many states.
 */
export class DeathBell implements KernelModule {
  readonly name = 'death bell';
  /** Where each process sees the region; by its id. */
  readonly #regions = new Map<number, number>();

  /** Tells of a process. */
  add(process: number, region: number): void {
    this.#regions.set(process, region);
  }

  attach({
    threads,
    user,
  }: Parameters<KernelModule['attach']>[0]): ReturnType<KernelModule['attach']> {
    return {
      exited: (thread) => {
        const region = this.#regions.get(threads.process[thread]!);
        if (region === undefined) return;
        user.put32(region + RegionOffset.futex, 0);
        user.put32(region + BELL, user.get32(region + BELL) + 1);
      },
    };
  }
}

/** Updaters that look for the dead whenever they are woken, and before they sleep. */
export class BelledUpdaters extends SharedUpdaters {
  readonly #parts: SharedUpdatersParts;

  constructor(parts: SharedUpdatersParts) {
    super(parts);
    this.#parts = parts;
  }

  override *sleep(t: Thread): Operation<void> {
    const { region, slots, anchor } = this.#parts;
    if (yield* slots.recover(t, yield* anchor.pid(t))) return;
    yield* t.waitUntilNotEqual(region + RegionOffset.futex, GRACE_PERIOD_WAITS);
  }
}

/** A lock that rings the bell, too, and whose waiters listen to it. */
export class BelledLock extends OwnedLock {
  readonly #lockWord: number;
  readonly #bell: number;

  constructor(word: number) {
    super(word, Infinity);
    this.#lockWord = word;
    this.#bell = word - RegionOffset.lock + BELL;
  }

  override *unlock(t: Thread): Operation<void> {
    yield* super.unlock(t);
    yield* t.fetchAdd(this.#bell, 1);
  }

  protected override *sleep(t: Thread, waiting: number): Operation<number> {
    const heard = yield* t.load(this.#bell);
    if ((yield* t.load(this.#lockWord)) !== waiting) return 0;
    if (yield* this.holderIsDead(t, waiting & 0x7fffffff)) return -Errno.ETIMEDOUT;
    yield* t.waitUntilNotEqual(this.#bell, heard);
    return 0;
  }

  /** Whether the process that holds the lock is dead. */
  protected holderIsDead(t: Thread, pid: number): Operation<boolean> {
    return isDead(t, pid);
  }
}
