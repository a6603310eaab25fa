const INITIAL_CAPACITY = 1 << 12;
const LANES = 2;

/**
 * States or classes that a search has seen, as 64-bit fingerprints.
 *
 * Open addressing in one Int32Array, two words an entry; (0, 0) stands for an empty one, so that a
 * fingerprint of (0, 0) is kept as (0, 1).
 */
export class FingerprintSet {
  #capacity = INITIAL_CAPACITY;
  #entries = new Int32Array(INITIAL_CAPACITY * LANES);
  #size = 0;

  /** How many distinct fingerprints are in the set. */
  get size(): number {
    return this.#size;
  }

  /** Empties the set; keeps its memory. */
  clear(): void {
    this.#entries.fill(0);
    this.#size = 0;
  }

  /** Whether a fingerprint is in the set. */
  has(low: number, high: number): boolean {
    const stored = low === 0 && high === 0 ? 1 : high;
    const at = this.#slotOf(low, stored) * LANES;
    return this.#entries[at] === low && this.#entries[at + 1] === stored;
  }

  /** Adds a fingerprint; false when it was there already. */
  add(low: number, high: number): boolean {
    const stored = low === 0 && high === 0 ? 1 : high;
    const at = this.#slotOf(low, stored) * LANES;
    const entries = this.#entries;
    if (entries[at] === low && entries[at + 1] === stored) return false;
    entries[at] = low;
    entries[at + 1] = stored;
    this.#size += 1;
    if (this.#size * 2 > this.#capacity) this.#grow();
    return true;
  }

  /** Adds fingerprints, two words each. */
  addAll(words: readonly number[]): void {
    for (let i = 0; i < words.length; i += 2) this.add(words[i]!, words[i + 1]!);
  }

  /** All fingerprints, two words each, in no order that means anything. */
  words(): number[] {
    const entries = this.#entries;
    const words: number[] = [];
    for (let at = 0; at < entries.length; at += LANES)
      if (entries[at] !== 0 || entries[at + 1] !== 0) words.push(entries[at]!, entries[at + 1]!);
    return words;
  }

  /** Where a fingerprint is, or belongs. */
  #slotOf(low: number, high: number): number {
    const entries = this.#entries;
    const mask = this.#capacity - 1;
    let slot = (low ^ (low >>> 15) ^ high) & mask;
    for (;;) {
      const at = slot * LANES;
      const isEmpty = entries[at] === 0 && entries[at + 1] === 0;
      if (isEmpty || (entries[at] === low && entries[at + 1] === high)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const old = this.#entries;
    this.#capacity *= 4;
    this.#entries = new Int32Array(this.#capacity * LANES);
    for (let from = 0; from < old.length; from += LANES) {
      const low = old[from]!;
      const high = old[from + 1]!;
      if (low !== 0 || high !== 0) this.#entries.set([low, high], this.#slotOf(low, high) * LANES);
    }
  }
}
