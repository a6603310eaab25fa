import { MachineError } from '../../base/machine-error.js';

/** Bytes of one thread's block of C library data, which the thread pointer leads to. */
export const TLS_BYTES = 256;

/** The words of a new thread's block that do not start as 0: `__thread` variables of a program. */
export class ThreadData {
  readonly #values = new Map<number, number>();

  /**
   * Gives a word of every thread's block an initial value.
   *
   * @param offsetBytes from the thread pointer, a multiple of 4 below {@link TLS_BYTES}
   * @throws MachineError `ERR_CONFIG` for another offset
   */
  initialize(offsetBytes: number, value: number): void {
    if (!(offsetBytes >= 0 && offsetBytes < TLS_BYTES && offsetBytes % 4 === 0))
      throw new MachineError(
        'ERR_CONFIG',
        `expected a multiple of 4 below ${TLS_BYTES} as place of thread data, got ${String(offsetBytes)}`,
      );
    this.#values.set(offsetBytes, value);
  }

  /** Whether every word starts as 0. */
  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  /** Hands out every initial value. */
  forEach(write: (offsetBytes: number, value: number) => void): void {
    for (const [offset, value] of this.#values) write(offset, value);
  }

  /** Takes over what the parent's program has, as a forked child does. */
  copyFrom(parent: ThreadData): void {
    for (const [offset, value] of parent.#values) this.#values.set(offset, value);
  }

  /** Forgets everything: another program. */
  clear(): void {
    if (this.#values.size > 0) this.#values.clear();
  }
}
