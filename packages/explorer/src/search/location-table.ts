const INITIAL_CAPACITY = 1 << 8;
const FIELDS = 6;

/** What the last write to a location was, and the order of all writes to it. */
export const LocationField = {
  /** Hash of the location, never 0. */
  Key: 0,
  /** Identity of the last write. */
  Writer: 1,
  /** The value it left. */
  Value: 2,
  /** Hash of the order of all writes that count, two lanes. */
  OrderLow: 3,
  OrderHigh: 4,
  /** 1 when the kernel wrote the value since. */
  ByKernel: 5,
} as const;

/** Words that were written in one run; emptied in the time of what it holds. */
export class LocationTable {
  #capacity = INITIAL_CAPACITY;
  #fields = new Int32Array(INITIAL_CAPACITY * FIELDS);
  #used: number[] = [];

  /** The fields of all entries; an entry's start is what {@link find} and {@link claim} return. */
  get fields(): Int32Array {
    return this.#fields;
  }

  /** Forgets all locations. */
  clear(): void {
    for (const at of this.#used) this.#fields.fill(0, at, at + FIELDS);
    this.#used.length = 0;
  }

  /** Where a location's fields start, or -1 when it was never written. */
  find(key: number): number {
    const at = this.#probe(key);
    return this.#fields[at] === key ? at : -1;
  }

  /** Where a location's fields start, made when they are not there yet. */
  claim(key: number): number {
    let at = this.#probe(key);
    if (this.#fields[at] === key) return at;
    if (this.#used.length * 2 >= this.#capacity) {
      this.#grow();
      at = this.#probe(key);
    }
    this.#fields[at] = key;
    this.#used.push(at);
    return at;
  }

  #probe(key: number): number {
    const mask = this.#capacity - 1;
    let slot = (key ^ (key >>> 16)) & mask;
    for (;;) {
      const found = this.#fields[slot * FIELDS]!;
      if (found === 0 || found === key) return slot * FIELDS;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const old = this.#fields;
    const used = this.#used;
    this.#capacity *= 2;
    this.#fields = new Int32Array(this.#capacity * FIELDS);
    this.#used = used.map((from) => {
      const at = this.#probe(old[from]!);
      this.#fields.set(old.subarray(from, from + FIELDS), at);
      return at;
    });
  }
}
