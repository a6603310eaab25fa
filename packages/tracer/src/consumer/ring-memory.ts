/** Memory in which rings lie, by 32-bit words. A process is one. */
export interface RingMemory {
  /** The word at an address, a multiple of 4. */
  read32(address: number): number;
  /** Copies the words from an address on, as many as there is room for. */
  readWords(address: number, into: Int32Array): void;
}
