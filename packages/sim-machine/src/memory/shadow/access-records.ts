import type { AccessKind } from '../access-kind.js';
import { type AccessPlace, nameOfKind } from './access-place.js';
import { DenseIndex } from './dense-index.js';
import { grownFor } from './grown-array.js';
import type { ShadowAccess } from './shadow-access.js';

const RECORD_WORDS = 10;
/** Offsets inside a record. */
const NEXT = 0;
const THREAD = 1;
const EPOCH = 2;
const TRAITS = 3;
const IP = 4;
const CPU = 5;
const STEP = 6;
const ADDRESS = 7;
const SIZE = 8;
const KIND = 9;

/** Bits of a record's traits; the low four are the bytes of the word that were accessed. */
export const AccessTrait = {
  Bytes: 15,
  Write: 16,
  Marked: 32,
  Kernel: 64,
} as const;

/** Ends a list of records. */
export const NO_RECORD = -1;

/**
 * The accesses that may still race with one to come: a list for every word that was accessed.
 *
 * A record is an offset into the pool; it stays valid until it is removed.
 */
export class AccessRecords {
  readonly #words = new DenseIndex();
  /** Per word index: first record plus 1; 0 for none. */
  #heads = new Int32Array(256);
  #pool = new Int32Array(RECORD_WORDS * 256);
  #used = 0;
  #free: number = NO_RECORD;

  /** The list of a physical word (byte address divided by 4), made if need be. */
  list(word: number): number {
    const list = this.#words.add(word);
    this.#heads = grownFor(this.#heads, list);
    return list;
  }

  /** The list of a physical word; -1 when there never was one. */
  existingList(word: number): number {
    return this.#words.get(word);
  }

  /** The first record of a list, or NO_RECORD. */
  first(list: number): number {
    return this.#heads[list]! - 1;
  }

  /** The record behind another, or NO_RECORD. */
  next(record: number): number {
    return this.#pool[record + NEXT]!;
  }

  /** The thread that accessed. */
  thread(record: number): number {
    return this.#pool[record + THREAD]!;
  }

  /** The thread's time at the access. */
  epoch(record: number): number {
    return this.#pool[record + EPOCH]!;
  }

  /** Sum of {@link AccessTrait} bits. */
  traits(record: number): number {
    return this.#pool[record + TRAITS]!;
  }

  /** Puts an access at the head of a list. */
  add(list: number, access: ShadowAccess, epoch: number, traits: number): void {
    const record = this.#take();
    const pool = this.#pool;
    pool[record + NEXT] = this.#heads[list]! - 1;
    pool[record + THREAD] = access.thread;
    pool[record + EPOCH] = epoch;
    pool[record + TRAITS] = traits;
    pool[record + IP] = access.ip;
    pool[record + CPU] = access.cpu;
    pool[record + STEP] = access.step;
    pool[record + ADDRESS] = access.address;
    pool[record + SIZE] = access.size;
    pool[record + KIND] = access.kind;
    this.#heads[list] = record + 1;
  }

  /** Takes a record out of a list; `previous` is the one before it, or NO_RECORD. */
  remove(list: number, record: number, previous: number): void {
    const next = this.next(record);
    if (previous === NO_RECORD) this.#heads[list] = next + 1;
    else this.#pool[previous + NEXT] = next;
    this.#pool[record + NEXT] = this.#free;
    this.#free = record;
  }

  /** Puts copies of a word's records into the list of another word. */
  copyWord(from: number, to: number): void {
    const source = this.#words.get(from);
    if (source < 0) return;
    const target = this.list(to);
    for (let record = this.first(source); record !== NO_RECORD; record = this.next(record)) {
      const copy = this.#take();
      this.#pool.copyWithin(copy + THREAD, record + THREAD, record + RECORD_WORDS);
      this.#pool[copy + NEXT] = this.#heads[target]! - 1;
      this.#heads[target] = copy + 1;
    }
  }

  /** Empties the list of a word. */
  forgetWord(word: number): void {
    const list = this.#words.get(word);
    if (list < 0) return;
    while (this.first(list) !== NO_RECORD) this.remove(list, this.first(list), NO_RECORD);
  }

  /** A lasting description of the access. */
  place(record: number): AccessPlace {
    const pool = this.#pool;
    return {
      thread: pool[record + THREAD]!,
      cpu: pool[record + CPU]!,
      ip: pool[record + IP]! >>> 0,
      step: pool[record + STEP]! >>> 0,
      kind: nameOfKind(pool[record + KIND]! as AccessKind),
      address: pool[record + ADDRESS]! >>> 0,
      size: pool[record + SIZE]!,
      kernel: (pool[record + TRAITS]! & AccessTrait.Kernel) !== 0,
    };
  }

  /** Empties everything. */
  reset(): void {
    this.#heads.fill(0, 0, this.#words.count);
    this.#words.reset();
    this.#used = 0;
    this.#free = NO_RECORD;
  }

  #take(): number {
    const record = this.#free;
    if (record !== NO_RECORD) {
      this.#free = this.next(record);
      return record;
    }
    const fresh = this.#used;
    this.#used += RECORD_WORDS;
    this.#pool = grownFor(this.#pool, this.#used);
    return fresh;
  }
}
