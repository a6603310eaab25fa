import type { Operation } from '../operation.js';
import type { Thread } from '../thread.js';
import { FutexScope, futexWait, futexWake } from './futex.js';
import type { StaticData } from './static-data.js';

/** Values of a mutex's word. */
const UNLOCKED = 0;
const LOCKED = 1;
/** Locked, and somebody may sleep on it. */
const CONTENDED = 2;

/**
 * A lock that costs one atomic operation while nobody else wants it, and sleeps else.
 *
 * | word | means                                     | lock          | unlock         |
 * |------|-------------------------------------------|---------------|----------------|
 * | 0    | unlocked                                  | 0 -> 1        |                |
 * | 1    | locked, nobody sleeps                     | -> 2, sleep   | 1 -> 0         |
 * | 2    | locked, somebody sleeps or did            | -> 2, sleep   | -> 0, wake one |
 *
 * A thread that has slept takes the lock as contended, since others may sleep still.
 *
 * Locking is an acquire, unlocking a release: both are full fences.
 *
 * @source Drepper, "Futexes Are Tricky", 2011, mutex2
 */
export class Mutex {
  /** Address of its word. */
  readonly address: number;
  readonly #scope: FutexScope;

  /** @param address a zeroed word, aligned */
  constructor(address: number, scope: FutexScope = FutexScope.Private) {
    this.address = address;
    this.#scope = scope;
  }

  /** A mutex of a process, unlocked. */
  static create(process: StaticData): Mutex {
    return new Mutex(process.allocate(4));
  }

  /** Takes the lock, sleeping until it is free. */
  *lock(t: Thread): Operation<void> {
    const old = yield* t.compareExchange(this.address, UNLOCKED, LOCKED);
    if (old === UNLOCKED) return;
    if (old === LOCKED && (yield* t.exchange(this.address, CONTENDED)) === UNLOCKED) return;
    yield* this.#sleep(t);
  }

  /** Takes the lock if it is free; whether it was. */
  *tryLock(t: Thread): Operation<boolean> {
    return (yield* t.compareExchange(this.address, UNLOCKED, LOCKED)) === UNLOCKED;
  }

  /** Takes the lock as one that others sleep on: for threads that were moved to it while asleep. */
  *lockContended(t: Thread): Operation<void> {
    if ((yield* t.exchange(this.address, CONTENDED)) !== UNLOCKED) yield* this.#sleep(t);
  }

  /** Gives the lock back; only the thread that has it may. */
  *unlock(t: Thread): Operation<void> {
    if ((yield* t.fetchAdd(this.address, -1)) === LOCKED) return;
    yield* t.storeRelease(this.address, UNLOCKED);
    yield* futexWake(t, this.address, 1, this.#scope);
  }

  /** The word is contended: sleeps and tries until it has the lock. */
  *#sleep(t: Thread): Operation<void> {
    do yield* futexWait(t, this.address, CONTENDED, this.#scope);
    while ((yield* t.exchange(this.address, CONTENDED)) !== UNLOCKED);
  }
}
