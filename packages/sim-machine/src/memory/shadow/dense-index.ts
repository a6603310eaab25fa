const INITIAL_SLOTS = 256;

/**
 * Numbers the keys (int32) it is given 0, 1, 2 and so on, so that what is kept of each lies in
 * arrays: a hash table without deletion, reset in O(keys).
 */
export class DenseIndex {
  /** Per slot: 0 when free, otherwise one more than the index of its key. */
  #slots = new Int32Array(INITIAL_SLOTS);
  #keys = new Int32Array(INITIAL_SLOTS / 2);
  #count = 0;

  /** How many keys there are. */
  get count(): number {
    return this.#count;
  }

  /** The index of a key, -1 when it was never added. */
  get(key: number): number {
    return this.#slots[this.#slotOf(key)]! - 1;
  }

  /** The index of a key, which is added if need be. */
  add(key: number): number {
    const slot = this.#slotOf(key);
    const found = this.#slots[slot]!;
    if (found !== 0) return found - 1;
    if (this.#count === this.#keys.length) {
      this.#grow();
      return this.add(key);
    }
    const index = this.#count++;
    this.#keys[index] = key;
    this.#slots[slot] = index + 1;
    return index;
  }

  /** Forgets all keys. */
  reset(): void {
    for (let index = 0; index < this.#count; index++) this.#slots[this.#homeOf(index)] = 0;
    this.#count = 0;
  }

  /** The slot that holds the key at an index. */
  #homeOf(index: number): number {
    const slots = this.#slots;
    let slot = hash(this.#keys[index]!) & (slots.length - 1);
    while (slots[slot] !== index + 1) slot = (slot + 1) & (slots.length - 1);
    return slot;
  }

  /** The slot that holds the key, or the free one where it belongs. */
  #slotOf(key: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash(key) & mask;
    for (;;) {
      const found = slots[slot]!;
      if (found === 0 || this.#keys[found - 1] === key) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const keys = this.#keys;
    this.#keys = new Int32Array(keys.length * 2);
    this.#keys.set(keys);
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let index = 0; index < this.#count; index++)
      this.#slots[this.#slotOf(keys[index]!)] = index + 1;
  }
}

function hash(key: number): number {
  const mixed = Math.imul(key ^ (key >>> 16), 0x45d9f3b);
  return mixed ^ (mixed >>> 15);
}
