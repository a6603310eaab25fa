import { Errno, FutexScope, futexWake } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { checkedSleep } from './checked-sleep.js';
import { isDead } from './process-life.js';

/** Set while somebody sleeps on the word, or did. */
const WAITERS = 1 << 31;

/** The bits of the pid. */
const OWNER = ~WAITERS;

/**
 * A lock between processes that outlives the death of whoever holds it.
 *
 * | word          | means                      | lock                                   | unlock         |
 * |---------------|----------------------------|----------------------------------------|----------------|
 * | 0             | free                       | -> pid                                 |                |
 * | pid           | held, nobody sleeps        | -> pid with WAITERS, sleep             | -> 0           |
 * | pid, WAITERS  | held, somebody sleeps      | sleep                                  | -> 0, wake one |
 * | of a dead pid | to be taken over           | -> own pid with WAITERS, by one of all |                |
 *
 * Sleepers wake from time to time and look whether the holder lives. That also saves them when
 * somebody dies between the store and the wake-up. The word names the holder itself: a number of a place
 * that another process could take meanwhile would not do.
 *
 * Locking is an acquire, unlocking a release: both are full fences.
 *
 * @source linux, Documentation/locking/robust-futex-ABI.rst (the word of a robust futex)
 */
export class OwnedLock {
  readonly #word: number;
  readonly #checkNs: number;

  /** @param checkNs how long a sleeper sleeps before it looks whether the holder lives */
  constructor(word: number, checkNs: number) {
    this.#word = word;
    this.#checkNs = checkNs;
  }

  /**
   * Takes the lock for a process.
   *
   * @param pid of the calling process
   * @returns the pid of the dead process that it was taken from; 0 when it was free
   */
  *lock(t: Thread, pid: number): Operation<number> {
    let mine = pid;
    for (;;) {
      const seen = yield* t.compareExchange(this.#word, 0, mine);
      if (seen === 0) return 0;
      const waiting = seen | WAITERS;
      if (seen !== waiting && (yield* t.compareExchange(this.#word, seen, waiting)) !== seen)
        continue;
      mine = pid | WAITERS;
      const slept = yield* this.sleep(t, waiting);
      if (slept !== -Errno.ETIMEDOUT) continue;
      const owner = waiting & OWNER;
      if (owner === pid || !(yield* isDead(t, owner))) continue;
      if ((yield* t.compareExchange(this.#word, waiting, mine)) === waiting) return owner;
    }
  }

  /**
   * Sleeps while the word is what it was, but not longer than until it is time to look who lives; tests
   * wait in another way. @internal
   */
  protected sleep(t: Thread, waiting: number): Operation<number> {
    return checkedSleep(t, this.#word, waiting, this.#checkNs);
  }

  /** Gives the lock back; only a thread of the process that has it may. */
  *unlock(t: Thread): Operation<void> {
    if (((yield* t.exchange(this.#word, 0)) & WAITERS) === 0) return;
    yield* futexWake(t, this.#word, 1, FutexScope.Shared);
  }
}
