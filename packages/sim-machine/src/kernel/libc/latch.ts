import type { Operation } from '../operation.js';
import type { Thread } from '../thread.js';
import { ALL_WAITERS, futexWait, futexWake } from './futex.js';
import type { StaticData } from './static-data.js';

/**
 * Lets threads wait until a number of things have happened: that others are done, for example.
 *
 * Its word is what is still to come.
 */
export class Latch {
  /** Address of its word. */
  readonly address: number;

  /** @param address an aligned word that holds the number, used by the threads of one process */
  constructor(address: number) {
    this.address = address;
  }

  /** One of the things has happened. */
  *arrive(t: Thread): Operation<void> {
    if ((yield* t.fetchAdd(this.address, -1)) === 1) yield* futexWake(t, this.address, ALL_WAITERS);
  }

  /** Sleeps until all have happened. */
  *wait(t: Thread): Operation<void> {
    for (;;) {
      const left = yield* t.loadAcquire(this.address);
      if (left <= 0) return;
      yield* futexWait(t, this.address, left);
    }
  }
}

/** A latch of a process for `count` things. */
export function createLatch(
  process: StaticData & { write32(address: number, value: number): void },
  count: number,
): Latch {
  const address = process.allocate(4);
  process.write32(address, count);
  return new Latch(address);
}
