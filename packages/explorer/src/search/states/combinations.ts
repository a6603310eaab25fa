import { ComponentTable } from './component-table.js';
import { EdgeTable } from './edge-table.js';

/** A change that changes nothing. */
export const NO_CHANGE = 0;

/**
 * Numbers combinations of words, all of one width: what threads have, what memory holds.
 *
 * A transition changes few words, and the same ones in many states: what a change leads to is kept, so
 * that the next combination is found by two numbers, and no words are copied or compared.
 */
export class Combinations {
  /** Words of a combination. */
  width: number;
  #table = new ComponentTable();
  readonly #changes = new ComponentTable();
  /** Where (combination, change) leads, where that is known. */
  readonly known: EdgeTable = new EdgeTable();
  #words: Int32Array;

  /** @param words the combination with number 0 */
  constructor(words: readonly number[]) {
    this.width = words.length;
    this.#words = Int32Array.from(words);
    this.#table.intern(this.#words, this.width);
    this.#changes.intern(this.#words, 0);
  }

  /** How many there are. */
  get size(): number {
    return this.#table.size;
  }

  /** A word of a combination. */
  word(combination: number, place: number): number {
    return this.#table.all[combination * this.width + place]!;
  }

  /** The words of all combinations, {@link width} each; nobody may keep it. */
  get words(): Int32Array {
    return this.#table.all;
  }

  /** Writes the words of a combination. */
  read(combination: number, into: Int32Array, at: number): void {
    this.#table.copy(combination, into, at);
  }

  /** The number of a change: (place, value), one behind the other; {@link NO_CHANGE} is that of none. */
  change(effects: readonly number[]): number {
    return this.#changes.intern(Int32Array.from(effects), effects.length);
  }

  /** The combination that a change makes of another. */
  after(combination: number, change: number): number {
    if (change === NO_CHANGE) return combination;
    const next = this.known.find(combination, change);
    return next >= 0 ? next : this.#make(combination, change);
  }

  /** Adds a place in which all combinations so far hold `value`. */
  widen(value: number): void {
    const words = (this.#words = new Int32Array(this.width + 1));
    const wider = new ComponentTable();
    for (let number = 0; number < this.#table.size; number++) {
      this.#table.copy(number, words, 0);
      words[this.width] = value;
      wider.intern(words, words.length);
    }
    this.#table = wider;
    this.width += 1;
  }

  #make(combination: number, change: number): number {
    const words = this.#words;
    this.#table.copy(combination, words, 0);
    const effects = this.#changes.words(change);
    for (let i = 0; i < effects.length; i += 2) words[effects[i]!] = effects[i + 1]!;
    const made = this.#table.intern(words, this.width);
    this.known.add(combination, change, made);
    return made;
  }
}
