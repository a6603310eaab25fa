const PRIME = 0x9e3779b1;
/** So few that arrays grow before V8 takes them for constants: see docs/decisions/0084. */
const INITIAL_PARTS = 1 << 2;
const INITIAL_WORDS = 1 << 4;

/** Numbers what a part of a state can be: the same words have the same number, from 0 on. */
export class ComponentTable {
  /** How many there are. */
  size = 0;
  #words = new Int32Array(INITIAL_WORDS);
  /** Where the words of each part start; those of the last end at the entry behind it. */
  #starts = new Int32Array(INITIAL_PARTS + 1);
  #hashes = new Int32Array(INITIAL_PARTS);
  #table = new Int32Array(INITIAL_PARTS * 2).fill(-1);

  /** The number of the first `length` of some words. */
  intern(words: Int32Array, length: number): number {
    const hash = hashOf(words, length);
    let place = this.#placeOf(hash);
    for (let found = this.#table[place]!; found >= 0; found = this.#table[place]!) {
      if (this.#hashes[found] === hash && this.#isSame(found, words, length)) return found;
      place = (place + 1) & (this.#table.length - 1);
    }
    this.#table[place] = this.size;
    return this.#add(hash, words, length);
  }

  /** The words of all parts, one behind the other in the order of their numbers; nobody may keep it. */
  get all(): Int32Array {
    return this.#words;
  }

  /** Writes the words of a part. */
  copy(part: number, into: Int32Array, at: number): void {
    const words = this.#words;
    const end = this.#starts[part + 1]!;
    for (let from = this.#starts[part]!, to = at; from < end; from++, to++) into[to] = words[from]!;
  }

  /** The words of a part. */
  words(part: number): Int32Array {
    return this.#words.slice(this.#starts[part], this.#starts[part + 1]);
  }

  #placeOf(hash: number): number {
    return (hash ^ (hash >>> 16)) & (this.#table.length - 1);
  }

  #isSame(part: number, words: Int32Array, length: number): boolean {
    const start = this.#starts[part]!;
    if (this.#starts[part + 1]! - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#words[start + i] !== words[i]) return false;
    return true;
  }

  #add(hash: number, words: Int32Array, length: number): number {
    const start = this.#starts[this.size]!;
    if (start + length > this.#words.length) this.#words = grown(this.#words, (start + length) * 2);
    for (let i = 0; i < length; i++) this.#words[start + i] = words[i]!;
    this.#hashes[this.size] = hash;
    this.#starts[this.size + 1] = start + length;
    this.size += 1;
    if (this.size === this.#hashes.length) this.#grow();
    return this.size - 1;
  }

  #grow(): void {
    const capacity = this.size * 2;
    this.#starts = grown(this.#starts, capacity + 1);
    this.#hashes = grown(this.#hashes, capacity);
    this.#table = new Int32Array(capacity * 2).fill(-1);
    for (let part = 0; part < this.size; part++) {
      let place = this.#placeOf(this.#hashes[part]!);
      while (this.#table[place]! >= 0) place = (place + 1) & (this.#table.length - 1);
      this.#table[place] = part;
    }
  }
}

function hashOf(words: Int32Array, length: number): number {
  let hash = length;
  for (let i = 0; i < length; i++) {
    hash = Math.imul(hash ^ words[i]!, PRIME);
    hash ^= hash >>> 15;
  }
  return hash;
}

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
