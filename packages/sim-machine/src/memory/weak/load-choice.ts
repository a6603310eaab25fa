import type { AccessViews } from '../access-views.js';
import type { WriteHistory } from './write-history.js';

/**
 * Which of the writes that a load may take its value from it does take.
 *
 * Of the moments that `WriteHistory.find` found, a load skips the newest so and so many; one that
 * skips all is satisfied at the bound that they were looked for from.
 */
export class LoadChoice {
  readonly #history: WriteHistory;
  readonly #views: AccessViews;
  readonly #choose: (count: number) => number;

  /** @param choose answers 0 to `count` - 1; `count` is at least 2 */
  constructor(history: WriteHistory, views: AccessViews, choose: (count: number) => number) {
    this.#history = history;
    this.#views = views;
    this.#choose = choose;
  }

  /** The moment that a load is satisfied at which skips the `skipped` newest of `count` found. */
  momentOf(skipped: number, count: number, bound: number): number {
    return skipped < count ? this.#history.found[skipped]! : bound;
  }

  /**
   * How many of `count` moments a load skips; -1 for an await that is not met.
   *
   * An await that older values alone meet may miss them, as a loop of loads does: it sees the newest, and waits on.
   */
  skip(physical: number, count: number, bound: number): number {
    const { awaits, awaited } = this.#views;
    if (!awaits) return this.#choose(count + 1);
    const meets = (skipped: number): boolean =>
      this.#wordAt(physical, skipped, count, bound) !== awaited;
    let possible = 0;
    for (let skipped = 0; skipped <= count; skipped++) if (meets(skipped)) possible += 1;
    if (possible === 0) return -1;
    const mayMiss = !meets(0);
    const ways = mayMiss ? possible + 1 : possible;
    const way = ways === 1 ? 0 : this.#choose(ways);
    if (way === possible) return 0;
    let left = way;
    for (let skipped = 0; ; skipped++) if (meets(skipped) && left-- === 0) return skipped;
  }

  /** Whether a load of a word that skips at least one moment can find another value. */
  differs(physical: number, value: number, count: number, bound: number): boolean {
    for (let skipped = 1; skipped <= count; skipped++)
      if (this.#wordAt(physical, skipped, count, bound) !== value) return true;
    return false;
  }

  #wordAt(physical: number, skipped: number, count: number, bound: number): number {
    return this.#history.read(physical, 4, this.momentOf(skipped, count, bound));
  }
}
