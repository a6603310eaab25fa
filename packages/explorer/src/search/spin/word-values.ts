import { PRIME_A, mix } from '../hash-mix.js';

/** Values of a word that are remembered: of more, the least. So what is remembered hangs on what was held alone, not on when. */
const MOST_VALUES = 16;

const NONE: readonly number[] = [];

/** What words have held: for each word its number in physical memory, then values in ascending order. Plain data. */
export type HeldValues = readonly (readonly number[])[];

/** What words have held in the executions of a search so far: what a thread may come to read of them. */
export class WordValues {
  /** Goes up with every value that was not known. */
  version = 0;
  /** By number of the word in memory, in ascending order. */
  readonly #ofWord = new Map<number, number[]>();

  /** A word holds a value. @param word - its number in physical memory */
  learn(word: number, value: number): void {
    const known = this.#ofWord.get(word);
    if (known === undefined) this.#ofWord.set(word, [value]);
    else {
      const isFull = known.length === MOST_VALUES;
      if (known.includes(value) || (isFull && value > known[MOST_VALUES - 1]!)) return;
      if (isFull) known.pop();
      known.push(value);
      known.sort((a, b) => a - b);
    }
    this.version += 1;
  }

  /** What some words have held. */
  of(words: Iterable<number>): HeldValues {
    return Array.from(words, (word) => [word, ...(this.#ofWord.get(word) ?? NONE)]);
  }

  /** A number that is another where some words have held more. */
  stampOf(words: Iterable<number>): number {
    let stamp = 0;
    for (const word of words)
      for (const value of this.#ofWord.get(word) ?? NONE) stamp = mix(stamp, value, PRIME_A);
    return stamp;
  }

  /** What may be read at an address; none where nobody saw. @param size - in bytes; of 8, the low word is told */
  at(physical: number, size: number): readonly number[] {
    const known = this.#ofWord.get(physical >> 2) ?? NONE;
    const from = physical & 3;
    if (from === 0 && size >= 4) return known;
    if (from + size > 4) return NONE;
    const part = (value: number): number => (value >>> (8 * from)) & (2 ** (8 * size) - 1);
    return [...new Set(known.map(part))];
  }
}
