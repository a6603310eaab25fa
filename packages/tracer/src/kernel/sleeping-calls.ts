/**
 * Which system calls threads sleep in.
 *
 * A machine tells of the end of a call that ends at once. One that sleeps ends when its thread has a CPU again, with what
 * is in the register of results then.
 */
export class SleepingCalls {
  /** By thread: the call that it entered last, until that has ended. */
  readonly #entered = new Map<number, number>();
  readonly #asleep = new Map<number, number>();

  /** A thread entered a call. */
  entered(thread: number, number: number): void {
    this.#entered.set(thread, number);
  }

  /** The call of a thread has ended, or the thread has. */
  ended(thread: number): void {
    this.#entered.delete(thread);
    this.#asleep.delete(thread);
  }

  /** A thread blocks: in its call, if it is in one. */
  blocked(thread: number): void {
    const number = this.#entered.get(thread);
    if (number !== undefined) this.#asleep.set(thread, number);
  }

  /** A thread has a CPU. @returns the number of the call that it slept in, once; undefined where it did not */
  resumed(thread: number): number | undefined {
    const number = this.#asleep.get(thread);
    if (number !== undefined) this.ended(thread);
    return number;
  }
}
