import type { StateArena } from '../../base/state-arena.js';
import { PAGE_SHIFT } from '../page.js';
import type { PhysicalMemory } from '../physical-memory.js';
import { shiftedLow, truncated } from '../word-pair.js';

/**
 * The timeline of writes, as far back as a load may still look.
 *
 * Every write that reaches memory happens at a moment of its own, one after the other: the order is
 * the same for all CPUs. Memory holds what is there now; an entry holds what a word held before:
 *
 * | entry  | holds                                          |
 * |--------|------------------------------------------------|
 * | moment | when the word was written                      |
 * | word   | which one: its physical address divided by 4   |
 * | old    | what it held until then                        |
 *
 * Invariant: moments ascend. A write of several words is several entries of one moment.
 */
export class WriteHistory {
  /** Entries that there is room for. */
  readonly capacity: number;
  /** After {@link find}: the moments found, newest first. */
  readonly found: Int32Array;
  /** The upper word of the last 8-byte read. */
  high = 0;
  readonly #words: Int32Array;
  readonly #moments: Int32Array;
  readonly #places: Int32Array;
  readonly #olds: Int32Array;
  /** Two words: the last moment, and how many entries there are. */
  readonly #counts: Int32Array;

  /** @param capacity entries to keep, at least 4 */
  constructor(memory: PhysicalMemory, arena: StateArena, capacity: number) {
    this.capacity = capacity;
    this.#words = memory.words;
    this.#moments = arena.column('memory.history.moment', capacity, 'accounting');
    this.#places = arena.column('memory.history.word', capacity, 'accounting');
    this.#olds = arena.column('memory.history.old', capacity, 'accounting');
    this.#counts = arena.column('memory.history.counts', 2, 'accounting');
    this.found = new Int32Array(capacity);
  }

  /** The moment of the last write; 0 before the first. */
  get now(): number {
    return this.#counts[0]!;
  }

  /** How many entries there are. */
  get length(): number {
    return this.#counts[1]!;
  }

  /** When the word of an entry was written; 0 is the oldest entry. */
  momentAt(entry: number): number {
    return this.#moments[entry]!;
  }

  /** The word of an entry. */
  wordAt(entry: number): number {
    return this.#places[entry]!;
  }

  /** What the word of an entry held before. */
  oldAt(entry: number): number {
    return this.#olds[entry]!;
  }

  /** Notes that the words from `first` to `last` are about to be written; returns the moment. */
  record(first: number, last: number): number {
    const moment = this.#counts[0]! + 1;
    let entry = this.#counts[1]!;
    for (let word = first; word <= last; word++) {
      this.#moments[entry] = moment;
      this.#places[entry] = word;
      this.#olds[entry] = this.#words[word]!;
      entry += 1;
    }
    this.#counts[0] = moment;
    this.#counts[1] = entry;
    return moment;
  }

  /** What 1 to 8 bytes held at a moment that the history reaches back to; as memory reads them. */
  read(physical: number, size: number, moment: number): number {
    const word = physical >> 2;
    const bits = (physical & 3) * 8;
    const low = this.#valueAt(word, moment);
    const isLong = (physical & 3) + size > 4;
    const middle = isLong ? this.#valueAt(word + 1, moment) : 0;
    if (size === 8) {
      const high = bits === 0 ? 0 : this.#valueAt(word + 2, moment);
      this.high = shiftedLow(middle, high, bits);
    }
    return truncated(shiftedLow(low, middle, bits), size);
  }

  /** Finds the moments later than `after` at which any of the words was written; returns how many. */
  find(first: number, last: number, after: number): number {
    const { found } = this;
    let count = 0;
    for (let entry = this.length - 1; entry >= 0; entry--) {
      const moment = this.#moments[entry]!;
      if (moment <= after) break;
      const word = this.#places[entry]!;
      if (word < first || word > last || (count > 0 && found[count - 1] === moment)) continue;
      found[count++] = moment;
    }
    return count;
  }

  /**
   * When any of the words was written last, at `moment` or before, but later than `after`; 0 where
   * that was never, or is forgotten.
   */
  lastBefore(first: number, last: number, moment: number, after: number): number {
    for (let entry = this.length - 1; entry >= 0 && this.#moments[entry]! > after; entry--) {
      const word = this.#places[entry]!;
      if (word >= first && word <= last && this.#moments[entry]! <= moment)
        return this.#moments[entry]!;
    }
    return 0;
  }

  /** How many entries a word has that are later than `after`. */
  countOf(word: number, after: number): number {
    let count = 0;
    for (let entry = this.length - 1; entry >= 0 && this.#moments[entry]! > after; entry--)
      if (this.#places[entry] === word) count += 1;
    return count;
  }

  /** Whether an old value of a word of the frame is kept. */
  touches(frame: number): boolean {
    for (let entry = this.length - 1; entry >= 0; entry--)
      if ((this.#places[entry]! << 2) >>> PAGE_SHIFT === frame) return true;
    return false;
  }

  /** Forgets what was before a moment: no load looks further back than that any more. */
  forget(moment: number): void {
    const { length } = this;
    let kept = 0;
    while (kept < length && this.#moments[kept]! <= moment) kept += 1;
    if (kept === 0) return;
    for (const column of [this.#moments, this.#places, this.#olds])
      column.copyWithin(0, kept, length);
    this.#counts[1] = length - kept;
  }

  /** Keeps those entries that `isKept` says yes to. */
  keep(isKept: (entry: number) => boolean): void {
    let kept = 0;
    for (let entry = 0; entry < this.length; entry++) {
      if (!isKept(entry)) continue;
      this.#moments[kept] = this.#moments[entry]!;
      this.#places[kept] = this.#places[entry]!;
      this.#olds[kept++] = this.#olds[entry]!;
    }
    this.#counts[1] = kept;
  }

  /** Begins to count moments anew, with nothing to look back at. */
  restart(): void {
    this.#counts.fill(0);
  }

  #valueAt(word: number, moment: number): number {
    let value = this.#words[word]!;
    for (let entry = this.length - 1; entry >= 0 && this.#moments[entry]! > moment; entry--)
      if (this.#places[entry] === word) value = this.#olds[entry]!;
    return value;
  }
}
