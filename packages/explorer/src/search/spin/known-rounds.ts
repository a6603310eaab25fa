import type { WindowRead } from './read-windows.js';
import { WordValues } from './word-values.js';
import type { HeldValues } from './word-values.js';

const NONE: readonly WindowRead[] = [];

interface Known {
  readonly round: readonly WindowRead[];
  readonly readsSeen: number;
  readonly yields: boolean;
  /** Words whose values made a difference to what was tried. */
  readonly words: readonly number[];
  /** What they had held, as a number. */
  readonly valuesTried: number;
  /** What had been learned when that was looked up last. */
  version: number;
  /** Whether it was not asked again in a whole pass, though words have held more since. */
  isDropped: boolean;
}

/**
 * Which threads spin where, and on what: the reads of the shortest round by the place of a thread.
 *
 * A place stands for all that a thread has, its last reads among that. Whether it goes on to repeat the last few of
 * them is a fact about its program, which has to be found out once: where as many are fresh. Invariant: no round that
 * is found in a place is shorter than what was seen there before. So what is found does not depend on who asks when.
 *
 * That a round is one was tried with what words may hold, as far as was known. Where they come to hold more it has to be
 * tried again: the round may be longer than it seemed, and what a search did till then was wrong.
 */
export class KnownRounds {
  /** Goes up with every place that is found where a thread spins, and every one where another answer was given before. */
  places = 0;
  /** How often another answer was given before. */
  revisions = 0;
  /** Whether any of them lets others go first in its round. */
  hasYields = false;
  /** Whether what words hold has shown any round to be longer than its reads look. */
  isByValues = false;
  /** What words may hold. */
  readonly values: WordValues = new WordValues();
  readonly #byPlace = new Map<string, Known>();

  /** The reads of the round that a thread goes through from a place on; none where it is not known to spin. */
  at(place: string): readonly WindowRead[] {
    const known = this.#byPlace.get(place);
    return known === undefined || known.isDropped ? NONE : known.round;
  }

  /** Whether a thread lets others of its CPU go first in the round that it goes through from a place on. */
  yieldsAt(place: string): boolean {
    return this.#byPlace.get(place)?.yields === true;
  }

  /** How many of its last reads a thread may repeat, at most, that was looked at in a place and does not spin. */
  readsSeen(place: string): number {
    const known = this.#byPlace.get(place);
    if (known === undefined) return 0;
    return known.isDropped ? known.round.length - 1 : known.readsSeen;
  }

  /** Whether words may hold more than was known when a thread was looked at in a place where it spins. */
  isOutdated(place: string): boolean {
    const known = this.#byPlace.get(place);
    return known !== undefined && this.#isOutdated(known);
  }

  /** Forgets the rounds that are out of date; whether there were any, so that all has to be gone through again. */
  dropOutdated(): boolean {
    let isAny = false;
    for (const known of this.#byPlace.values()) {
      if (known.isDropped || !this.#isOutdated(known)) continue;
      isAny = known.isDropped = true;
    }
    return isAny;
  }

  /** What words have held whose values made a difference to any answer, and some others. */
  heldOf(others: HeldValues): HeldValues {
    const words = new Set(others.map(([word]) => word!));
    for (const known of this.#byPlace.values()) for (const word of known.words) words.add(word);
    return this.values.of([...words].sort((a, b) => a - b));
  }

  /** Words have held more than was seen here. */
  learn(held: HeldValues): void {
    for (const [word, ...values] of held)
      for (const value of values) this.values.learn(word!, value);
  }

  /**
   * A thread was looked at.
   *
   * @param round - none where it does not repeat its last reads
   * @param readsSeen - how many of its last reads it might have repeated at most
   * @param yields - whether it lets others go first in the round
   * @param words - whose values made a difference, by number in physical memory
   */
  add(
    place: string,
    round: readonly WindowRead[],
    readsSeen: number,
    yields = false,
    words: readonly number[] = [],
  ): void {
    const before = this.#byPlace.get(place)?.round.length ?? 0;
    const { version } = this.values;
    const valuesTried = this.values.stampOf(words);
    const known = { round, readsSeen, yields, words, valuesTried, version, isDropped: false };
    this.#byPlace.set(place, known);
    if (round.length > 0) this.hasYields ||= yields;
    if (round.length === before) return;
    this.places += 1;
    if (before > 0) this.revisions += 1;
  }

  #isOutdated(known: Known): boolean {
    const { version } = this.values;
    if (known.round.length === 0 || known.version === version) return false;
    if (this.values.stampOf(known.words) !== known.valuesTried) return true;
    known.version = version;
    return false;
  }
}
