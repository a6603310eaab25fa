import type { Permutations } from './permutations.js';

/** Outcomes of a comparison of two ranks. */
const OUTCOMES = 3;

/**
 * Which permutations put threads in order of their ranks, within each group: one where all ranks of a group differ,
 * more where some are equal.
 */
export class ThreadOrders {
  /** Ranks of threads: to be set before {@link find}. */
  readonly ranks: Int32Array;
  readonly #permutations: Permutations;
  /** Threads of one group, two by two. */
  readonly #pairs: Int32Array;
  /** By how the ranks of pairs compare. */
  readonly #known: Int32Array[] = [];

  constructor(permutations: Permutations) {
    this.#permutations = permutations;
    this.ranks = new Int32Array(permutations.threads);
    this.#pairs = Int32Array.from(
      permutations.groups.flatMap((group) =>
        group.flatMap((a, i) => group.slice(i + 1).flatMap((b) => [a, b])),
      ),
    );
    this.#known.length = OUTCOMES ** (this.#pairs.length / 2);
  }

  /** The permutations that do so for the present ranks. */
  find(): Int32Array {
    const { ranks } = this;
    const pairs = this.#pairs;
    let outcome = 0;
    for (let i = 0; i < pairs.length; i += 2) {
      const a = ranks[pairs[i]!]!;
      const b = ranks[pairs[i + 1]!]!;
      outcome = outcome * OUTCOMES + (a < b ? 0 : a > b ? 1 : 2);
    }
    return this.#known[outcome] ?? (this.#known[outcome] = this.#look());
  }

  #look(): Int32Array {
    const found: number[] = [];
    for (let p = 0; p < this.#permutations.count; p++) if (this.#isInOrder(p)) found.push(p);
    return Int32Array.from(found);
  }

  #isInOrder(permutation: number): boolean {
    const { ranks } = this;
    const pairs = this.#pairs;
    for (let i = 0; i < pairs.length; i += 2) {
      const [a, b] = [pairs[i]!, pairs[i + 1]!];
      const isBefore =
        this.#permutations.place(permutation, a) < this.#permutations.place(permutation, b);
      if (isBefore ? ranks[a]! > ranks[b]! : ranks[a]! < ranks[b]!) return false;
    }
    return true;
  }
}
