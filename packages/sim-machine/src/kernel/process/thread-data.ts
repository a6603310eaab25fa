import { MachineError } from '../../base/machine-error.js';

/** Bytes of one thread's block of C library data, which the thread pointer leads to. */
export const TLS_BYTES = 256;

/**
 * The `__thread` variables of a program and its libraries: who has which words of a thread's block, and
 * what those begin with that do not start as 0.
 *
 * Places are chosen by who writes a library, not by a linker: two that chose the same find out at once.
 */
export class ThreadData {
  readonly #owners = new Map<number, string>();
  readonly #values = new Map<number, number>();

  /**
   * Takes words of every thread's block for a library, which may do so again.
   *
   * @param offsetBytes from the thread pointer, a multiple of 4
   * @param sizeBytes a multiple of 4; the block has `TLS_BYTES`
   * @param owner what the words are for
   * @throws MachineError `ERR_CONFIG` for a place outside of the block, or one that another owner has
   */
  claim(offsetBytes: number, sizeBytes: number, owner: string): void {
    for (let offset = offsetBytes; offset < offsetBytes + sizeBytes; offset += 4) {
      checkPlace(offset);
      const other = this.#owners.get(offset) ?? owner;
      if (other !== owner)
        throw new MachineError(
          'ERR_CONFIG',
          `expected free thread data at byte ${offset} for ${owner}, got that of ${other}`,
        );
      this.#owners.set(offset, owner);
    }
  }

  /**
   * Gives a word of every thread's block an initial value, as a `__thread` variable with an
   * initialiser; for the threads that start later.
   *
   * @param offsetBytes from the thread pointer, a multiple of 4 below `TLS_BYTES`
   * @throws MachineError `ERR_CONFIG` for another offset
   */
  initialize(offsetBytes: number, value: number): void {
    checkPlace(offsetBytes);
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
    for (const [offset, owner] of parent.#owners) this.#owners.set(offset, owner);
    for (const [offset, value] of parent.#values) this.#values.set(offset, value);
  }

  /** Forgets everything: another program. */
  clear(): void {
    if (this.#owners.size > 0) this.#owners.clear();
    if (this.#values.size > 0) this.#values.clear();
  }
}

function checkPlace(offsetBytes: number): void {
  if (!(offsetBytes >= 0 && offsetBytes < TLS_BYTES && offsetBytes % 4 === 0))
    throw new MachineError(
      'ERR_CONFIG',
      `expected a multiple of 4 below ${TLS_BYTES} as place of thread data, got ${String(offsetBytes)}`,
    );
}
