/** Memory in which rings lie, by 32-bit words. A process is one. */
export interface RingMemory {
  /** The word at an address, a multiple of 4. */
  read32(address: number): number;
  /** Copies the words from an address on, as many as there is room for. */
  readWords(address: number, into: Int32Array): void;
}

/** A copy of memory, which nobody changes; what lies behind it reads as zeros. */
export class CopiedMemory implements RingMemory {
  readonly #words: Int32Array;

  /** @param words from address 0 on */
  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** See {@link RingMemory}. */
  read32(address: number): number {
    return this.#words[address >> 2] ?? 0;
  }

  /** See {@link RingMemory}. */
  readWords(address: number, into: Int32Array): void {
    into.set(this.#words.subarray(address >> 2, (address >> 2) + into.length));
  }
}
