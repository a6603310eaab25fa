import { PRIME_A, PRIME_B, mix } from '../hash-mix.js';
import type { WordValues } from './word-values.js';

/** Reads of a round from which on, or at which, a word is another. */
const MOST_POSITIONS = 4;

/** Numbers of draws, by how many reads there are, on average, from one change to the next. */
const DRAWS: readonly (readonly [reads: number, draws: number])[] = [
  [2, 3],
  [1, 2],
  [4, 2],
  [8, 1],
];

/** Stands for what is in memory, of which nobody knows what it is. */
export const AS_IT_IS = -0.5;

/** A read of a thread that is tried. */
export interface TriedRead {
  readonly physical: number;
  /** In bytes. */
  readonly size: number;
}

/** Says what a thread reads, one read after the other, that is tried. */
export type Answers = (read: TriedRead) => number;

/** What memory does meanwhile. @param now - what words hold; those that change are set */
export type Pretence = (values: WordValues, now: Map<number, number>) => Answers;

/** What a thread reads that reads what memory holds. */
function held({ physical, size }: TriedRead, values: WordValues, now: Map<number, number>): number {
  return now.get(physical) ?? values.at(physical, size)[0] ?? AS_IT_IS;
}

/** All is as it is, until a word is another from one of its reads on, for good or for that read alone. */
function changes(word: number, value: number, from: number, stays: boolean): Pretence {
  return (values, now) => {
    let reads = 0;
    return (read) => {
      if (read.physical !== word) return held(read, values, now);
      const isNow = reads++ === from;
      if (isNow && stays) now.set(word, value);
      return isNow ? value : held(read, values, now);
    };
  };
}

/** Words become others now and then. */
function draws(seed: number, reads: number): Pretence {
  return (values, now) => {
    let state = mix(seed, reads, PRIME_A);
    const below = (count: number): number => {
      state = mix(state, count, PRIME_B);
      return (state >>> 0) % count;
    };
    return (read) => {
      const known = values.at(read.physical, read.size);
      if (known.length > 0 && below(reads) === 0)
        now.set(read.physical, known[below(known.length)]!);
      return held(read, values, now);
    };
  };
}

/**
 * What to pretend to a thread in order to see whether two points of its program differ.
 *
 * A word changes to what it may become, soon or later, and is that for good or for one read; and random changes of
 * all words, often or rarely.
 *
 * @param words - those of its round, with what they hold
 */
export function pretences(values: WordValues, words: ReadonlyMap<TriedRead, number>): Pretence[] {
  const at = (position: number, stays: boolean): Pretence[] =>
    [...words].flatMap(([read, now]) =>
      values
        .at(read.physical, read.size)
        .filter((value) => value !== now)
        .map((value) => changes(read.physical, value, position, stays)),
    );
  const drawn = DRAWS.flatMap(([reads, count]) =>
    Array.from({ length: count }, (_, seed) => draws(seed, reads)),
  );
  const positions = Array.from({ length: MOST_POSITIONS }, (_, position) => position);
  return [...at(0, true), ...drawn, ...positions.flatMap((position) => at(position, false))];
}
