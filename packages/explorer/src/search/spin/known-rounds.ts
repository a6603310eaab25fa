import type { WindowRead } from './read-windows.js';

const NONE: readonly WindowRead[] = [];

interface Known {
  readonly round: readonly WindowRead[];
  readonly readsSeen: number;
  readonly yields: boolean;
}

/**
 * Which threads spin where, and on what: the reads of the shortest round by the place of a thread.
 *
 * A place stands for all that a thread has, its last reads among that. Whether it goes on to repeat the last few of
 * them is a fact about its program, which has to be found out once: where as many are fresh. Invariant: no round that
 * is found in a place is shorter than what was seen there before. So what is found does not depend on who asks when.
 */
export class KnownRounds {
  /** Places where a thread spins. */
  places = 0;
  /** Whether any of them lets others go first in its round. */
  hasYields = false;
  readonly #byPlace = new Map<string, Known>();

  /** The reads of the round that a thread goes through from a place on; none where it is not known to spin. */
  at(place: string): readonly WindowRead[] {
    return this.#byPlace.get(place)?.round ?? NONE;
  }

  /** Whether a thread lets others of its CPU go first in the round that it goes through from a place on. */
  yieldsAt(place: string): boolean {
    return this.#byPlace.get(place)?.yields === true;
  }

  /** How many of its last reads a thread may repeat, at most, that was looked at in a place and does not spin. */
  readsSeen(place: string): number {
    return this.#byPlace.get(place)?.readsSeen ?? 0;
  }

  /**
   * A thread was looked at.
   *
   * @param round - none where it does not repeat its last reads
   * @param readsSeen - how many of its last reads it might have repeated at most
   * @param yields - whether it lets others go first in the round
   */
  add(place: string, round: readonly WindowRead[], readsSeen: number, yields = false): void {
    this.#byPlace.set(place, { round, readsSeen, yields });
    if (round.length === 0) return;
    this.places += 1;
    this.hasYields ||= yields;
  }
}
