import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { WorkerFutex } from './worker-futex.js';

/**
 * Something that a thread waits for until a number of others have done their part.
 *
 * | word | holds                     |
 * |------|---------------------------|
 * | 0    | parts that are left       |
 * | 1    | see {@link WorkerFutex}   |
 *
 * @source liburcu, src/urcu-call-rcu-impl.h (struct call_rcu_completion)
 */
export class Completion {
  readonly #left: number;
  readonly #futex: WorkerFutex;

  /** One whose words lie at an address. */
  constructor(address: number) {
    this.#left = address;
    this.#futex = new WorkerFutex(address + 4);
  }

  /** Bytes that a completion takes. */
  static readonly bytes = 8;

  /** Makes one. */
  static create(process: Process): Completion {
    return new Completion(process.allocate(Completion.bytes));
  }

  /** Says how many parts there are; before anybody can complete one. */
  *expect(t: Thread, parts: number): Operation<void> {
    yield* t.store(this.#left, parts);
  }

  /** Completes a part; the last one wakes who waits. */
  *complete(t: Thread): Operation<void> {
    if ((yield* t.fetchAdd(this.#left, -1)) === 1) yield* this.#futex.wake(t);
  }

  /** In a forked child: nobody waits any more; the parts that are left will be completed. */
  *orphan(t: Thread): Operation<void> {
    yield* this.#futex.withdraw(t);
  }

  /** Waits until all parts are complete. */
  *wait(t: Thread): Operation<void> {
    for (;;) {
      yield* this.#futex.announce(t);
      if ((yield* t.load(this.#left)) === 0) break;
      yield* this.#futex.sleep(t);
    }
    yield* this.#futex.withdraw(t);
  }
}
