import {
  ClockId,
  Errno,
  FutexScope,
  clockGettime,
  futexWait,
  futexWaitFor,
} from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';

/**
 * A producer's wait for room in a full ring, on the word that the consumer moves.
 *
 * The word is looked at before the ring is found full once more: a consumer that moves it in between is not
 * missed.
 */
export class RoomWait {
  readonly #timeoutNs: number;
  #deadlineNs = 0;
  /** The word that was looked at, and what it was; 0 before the first look. */
  #address = 0;
  #seen = 0;

  constructor(timeoutNs: number) {
    this.#timeoutNs = timeoutNs;
  }

  /**
   * Called whenever the ring was found full; returns when it is worth to try again.
   *
   * @param consumed address of the ring's word
   * @returns false when the time is up
   */
  *wait(t: Thread, consumed: number): Operation<boolean> {
    if (this.#address === consumed) {
      if (!(yield* this.#sleep(t))) return false;
    } else if (this.#address === 0 && this.#timeoutNs !== Infinity)
      this.#deadlineNs = (yield* clockGettime(t, ClockId.Monotonic)) + this.#timeoutNs;
    this.#address = consumed;
    this.#seen = yield* t.loadAcquire(consumed);
    return true;
  }

  *#sleep(t: Thread): Operation<boolean> {
    if (this.#timeoutNs === Infinity) {
      yield* futexWait(t, this.#address, this.#seen, FutexScope.Shared);
      return true;
    }
    const leftNs = this.#deadlineNs - (yield* clockGettime(t, ClockId.Monotonic));
    if (leftNs <= 0) return false;
    const result = yield* futexWaitFor(t, this.#address, this.#seen, leftNs, FutexScope.Shared);
    return result !== -Errno.ETIMEDOUT;
  }
}
