import type { Operation } from '../operation.js';
import type { Thread } from '../thread.js';
import { ALL_WAITERS, futexRequeue, futexWait, futexWake } from './futex.js';
import type { Mutex } from './mutex.js';
import type { StaticData } from './static-data.js';

/**
 * A condition variable: lets threads sleep, without a mutex that they hold, until told to look again.
 *
 * Its word counts signals. A waiter reads it while it has the mutex and sleeps only if it is still
 * the same, so a signal sent after that is not missed. (2^32 signals in between would be.)
 *
 * A broadcast wakes one waiter and moves the others to the mutex, where they wake one by one.
 *
 * Waits may end for no reason: wait in a loop.
 *
 * @source pthread_cond_wait(3p); Drepper, "Futexes Are Tricky", 2011
 */
export class Condition {
  /** Address of its word. */
  readonly address: number;

  /** @param address a zeroed word, aligned, used by the threads of one process */
  constructor(address: number) {
    this.address = address;
  }

  /** A condition variable of a process. */
  static create(process: StaticData): Condition {
    return new Condition(process.allocate(4));
  }

  /** Gives the mutex back, sleeps until signalled, and takes the mutex again. */
  *wait(t: Thread, mutex: Mutex): Operation<void> {
    const seen = yield* t.loadAcquire(this.address);
    yield* mutex.unlock(t);
    yield* futexWait(t, this.address, seen);
    yield* mutex.lockContended(t);
  }

  /** Wakes one waiter, if there is any. */
  *signal(t: Thread): Operation<void> {
    yield* t.fetchAdd(this.address, 1);
    yield* futexWake(t, this.address, 1);
  }

  /** Wakes all waiters; those beyond the first as the mutex becomes free. */
  *broadcast(t: Thread, mutex: Mutex): Operation<void> {
    const signals = ((yield* t.fetchAdd(this.address, 1)) + 1) | 0;
    const options = { wake: 1, move: ALL_WAITERS, expected: signals };
    const moved = yield* futexRequeue(t, this.address, mutex.address, options);
    // Another signal came in between: who waits now may have been meant by either.
    if (moved < 0) yield* futexWake(t, this.address, ALL_WAITERS);
  }
}
