import { Lock } from './lock.js';

/** Words of a record before its own: the next record of its list, its hash, how many words, how many behind them. */
const HEAD = 4;
const Head = { Next: 0, Hash: 1, Length: 2, Extra: 3 } as const;

/** Words before the records. */
const Word = { Lock: 0, Used: 1, First: 2 } as const;

/** Lists of records, by hash. */
const LISTS = 1 << 16;

const INITIAL_WORDS = 1 << 20;

/** Words that stay free for what comes up before somebody looks. */
const SPARE_WORDS = 1 << 18;

/**
 * Numbers what parts of states can be, for all threads that search together: the same words have the same number.
 *
 * A number, from 1 on, is where the record of the words starts, behind the lists. Records are added by one thread at
 * a time and never change; whoever finds one in a list sees all of it.
 *
 * | words                     | holds                                       |
 * | ------------------------- | ------------------------------------------- |
 * | 0                         | the lock of who adds                        |
 * | 1                         | how many words are used                     |
 * | from 2 on, {@link LISTS}  | the first record of each list, or 0         |
 * | behind                    | records: see {@link Head}, the words, extra |
 */
export class PartRegistry {
  #words: Int32Array;
  #lock: Lock;

  /** @param memory of {@link PartRegistry.memory} */
  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
    this.#lock = new Lock(this.#words, Word.Lock);
  }

  /** Goes on in a larger copy of the memory. */
  moveTo(memory: SharedArrayBuffer): void {
    if (this.#words.buffer === memory) return;
    this.#words = new Int32Array(memory);
    this.#lock = new Lock(this.#words, Word.Lock);
  }

  /** Memory for a registry; memory that is not used is not taken. */
  static memory(words: number = INITIAL_WORDS): SharedArrayBuffer {
    const length = Word.First + LISTS + Math.max(words, SPARE_WORDS * 2);
    const memory = new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT);
    new Int32Array(memory)[Word.Used] = Word.First + LISTS;
    return memory;
  }

  /** A larger copy; nobody may add to either meanwhile. */
  static grown(memory: SharedArrayBuffer): SharedArrayBuffer {
    const old = new Int32Array(memory);
    const larger = PartRegistry.memory(old.length * 2);
    new Int32Array(larger).set(old.subarray(0, old[Word.Used]));
    return larger;
  }

  /** Whether there is little room left. */
  get isNearlyFull(): boolean {
    return Atomics.load(this.#words, Word.Used) + SPARE_WORDS > this.#words.length;
  }

  /** The words that are used, to be kept; nobody may add any meanwhile. */
  get used(): Int32Array {
    return this.#words.subarray(0, this.#words[Word.Used]);
  }

  /**
   * The number of words.
   *
   * @param extra - what is kept with them, of whoever brings them first
   * @throws RangeError where there is no room left, see {@link isNearlyFull}
   */
  intern(words: ArrayLike<number>, extra: ArrayLike<number> = []): number {
    const hash = hashOf(words);
    const list = Word.First + ((hash ^ (hash >>> 16)) & (LISTS - 1));
    const first = Atomics.load(this.#words, list);
    const known = this.#find(first, 0, hash, words);
    if (known > 0) return known;
    this.#lock.take();
    try {
      // Others may have been faster.
      const newest = Atomics.load(this.#words, list);
      const added = this.#find(newest, first, hash, words);
      return added > 0 ? added : this.#add(list, newest, hash, words, extra);
    } finally {
      this.#lock.leave();
    }
  }

  /** The words with a number; nobody may change them. */
  words(id: number): Int32Array {
    const start = id + HEAD;
    return this.#words.subarray(start, start + this.#words[id + Head.Length]!);
  }

  /** What is kept with them. */
  extra(id: number): Int32Array {
    const start = id + HEAD + this.#words[id + Head.Length]!;
    return this.#words.subarray(start, start + this.#words[id + Head.Extra]!);
  }

  /** Looks through a list up to a record; 0 where the words are not there. */
  #find(from: number, end: number, hash: number, words: ArrayLike<number>): number {
    const all = this.#words;
    for (let id = from; id !== end; id = all[id + Head.Next]!)
      if (all[id + Head.Hash] === hash && this.#isSame(id, words)) return id;
    return 0;
  }

  #isSame(id: number, words: ArrayLike<number>): boolean {
    const all = this.#words;
    const { length } = words;
    if (all[id + Head.Length] !== length) return false;
    for (let i = 0; i < length; i++) if (all[id + HEAD + i] !== words[i]) return false;
    return true;
  }

  #add(
    list: number,
    next: number,
    hash: number,
    words: ArrayLike<number>,
    extra: ArrayLike<number>,
  ): number {
    const all = this.#words;
    const id = all[Word.Used]!;
    all[id + Head.Next] = next;
    all[id + Head.Hash] = hash;
    all[id + Head.Length] = words.length;
    all[id + Head.Extra] = extra.length;
    all.set(words, id + HEAD);
    all.set(extra, id + HEAD + words.length);
    Atomics.store(all, Word.Used, id + HEAD + words.length + extra.length);
    Atomics.store(all, list, id);
    return id;
  }
}

function hashOf(words: ArrayLike<number>): number {
  let hash = words.length;
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}
