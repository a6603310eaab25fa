const INITIAL_CAPACITY = 1 << 8;

/** Numbers the locations that programs access: 0, 1, 2 and so on, for as long as a search lasts. */
export class LocationIds {
  #keys = new Int32Array(INITIAL_CAPACITY);
  #ids = new Int32Array(INITIAL_CAPACITY);
  /** Keys by id. */
  readonly #byId: number[] = [];

  /** Locations numbered so far. */
  get size(): number {
    return this.#byId.length;
  }

  /** The key of a location. */
  keyOf(id: number): number {
    return this.#byId[id]!;
  }

  /** The number of a location. @param key never 0 */
  idOf(key: number): number {
    const mask = this.#keys.length - 1;
    let slot = (key ^ (key >>> 16)) & mask;
    for (;;) {
      const found = this.#keys[slot]!;
      if (found === key) return this.#ids[slot]!;
      if (found === 0) break;
      slot = (slot + 1) & mask;
    }
    const id = this.#byId.length;
    this.#byId.push(key);
    if (this.#byId.length * 2 > this.#keys.length) this.#grow();
    else this.#enter(slot, key, id);
    return id;
  }

  #enter(slot: number, key: number, id: number): void {
    this.#keys[slot] = key;
    this.#ids[slot] = id;
  }

  #grow(): void {
    const capacity = this.#keys.length * 2;
    this.#keys = new Int32Array(capacity);
    this.#ids = new Int32Array(capacity);
    this.#byId.forEach((key, id) => {
      let slot = (key ^ (key >>> 16)) & (capacity - 1);
      while (this.#keys[slot] !== 0) slot = (slot + 1) & (capacity - 1);
      this.#enter(slot, key, id);
    });
  }
}
