const INITIAL_CAPACITY = 1 << 12;
const FIELDS = 3;

/** A map from pairs of integers, of which the first is 0 or more, to integers. */
export class EdgeTable {
  #capacity = INITIAL_CAPACITY;
  /** (from + 1, value, to); 0 stands for an empty place. */
  #entries = new Int32Array(INITIAL_CAPACITY * FIELDS);
  #size = 0;

  /** Where the pair leads, or -1. */
  find(from: number, value: number): number {
    const entries = this.#entries;
    const at = this.#placeOf(entries, from, value);
    return entries[at] === 0 ? -1 : entries[at + 2]!;
  }

  /** Lets a pair that is not there yet lead somewhere. */
  add(from: number, value: number, to: number): void {
    if (++this.#size * 2 > this.#capacity) this.#grow();
    this.#put(this.#entries, from, value, to);
  }

  #put(entries: Int32Array, from: number, value: number, to: number): void {
    const at = this.#placeOf(entries, from, value);
    entries[at] = from + 1;
    entries[at + 1] = value;
    entries[at + 2] = to;
  }

  #placeOf(entries: Int32Array, from: number, value: number): number {
    const mask = this.#capacity - 1;
    let hash = Math.imul(from, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (;;) {
      const at = (hash & mask) * FIELDS;
      const owner = entries[at]!;
      if (owner === 0 || (owner === from + 1 && entries[at + 1] === value)) return at;
      hash += 1;
    }
  }

  #grow(): void {
    const old = this.#entries;
    this.#capacity *= 2;
    this.#entries = new Int32Array(this.#capacity * FIELDS);
    for (let at = 0; at < old.length; at += FIELDS)
      if (old[at] !== 0) this.#put(this.#entries, old[at]! - 1, old[at + 1]!, old[at + 2]!);
  }
}
