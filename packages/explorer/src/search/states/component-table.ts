const PRIME = 0x9e3779b1;

/** Numbers what a part of a state can be: the same words have the same number, from 0 on. */
export class ComponentTable {
  readonly #words: Int32Array[] = [];
  /** Numbers by a hash of the words. */
  readonly #byHash = new Map<number, number[]>();

  /** How many there are. */
  get size(): number {
    return this.#words.length;
  }

  /** The number of these words. */
  intern(words: readonly number[]): number {
    const hash = hashOf(words);
    const same = this.#byHash.get(hash);
    if (same === undefined) this.#byHash.set(hash, [this.#words.length]);
    else {
      for (const id of same) if (equals(this.#words[id]!, words)) return id;
      same.push(this.#words.length);
    }
    return this.#words.push(Int32Array.from(words)) - 1;
  }
}

function hashOf(words: readonly number[]): number {
  let hash = words.length;
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(hash ^ words[i]!, PRIME);
    hash ^= hash >>> 15;
  }
  return hash;
}

function equals(one: Int32Array, other: readonly number[]): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
