import type { Operation } from '../operation.js';
import type { Thread } from '../thread.js';
import { ALL_WAITERS, futexWait, futexWake } from './futex.js';
import type { StaticData } from './static-data.js';

/**
 * A place where a number of threads wait for each other, any number of times.
 *
 * | offset | word                                  |
 * |--------|---------------------------------------|
 * | 0      | threads that have arrived this time   |
 * | 4      | how many times the barrier has opened |
 *
 * @source pthread_barrier_wait(3p)
 */
export class Barrier {
  /** Address of its two words. */
  readonly address: number;
  /** Threads that it waits for. */
  readonly count: number;

  /** @param address two zeroed words, aligned, used by the threads of one process */
  constructor(address: number, count: number) {
    this.address = address;
    this.count = count;
  }

  /** A barrier of a process for `count` threads. */
  static create(process: StaticData, count: number): Barrier {
    return new Barrier(process.allocate(8), count);
  }

  /** Sleeps until all have arrived; true for exactly one of them. */
  *wait(t: Thread): Operation<boolean> {
    const opened = this.address + 4;
    const times = yield* t.loadAcquire(opened);
    const arrived = (yield* t.fetchAdd(this.address, 1)) + 1;
    if (arrived === this.count) {
      yield* t.storeRelease(this.address, 0);
      yield* t.fetchAdd(opened, 1);
      yield* futexWake(t, opened, ALL_WAITERS);
      return true;
    }
    while ((yield* t.loadAcquire(opened)) === times) yield* futexWait(t, opened, times);
    return false;
  }
}
