import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { seededGenerator } from './seeded-generator.js';

/** Where small random delays come from. */
export interface Jitter {
  /** Starts the sequence over. */
  restart(): void;
  /** The next number of the sequence, an integer from 0 to `limit` - 1. */
  below(limit: number): number;
}

/** Jitter from a seed: the same seed gives the same sequence. */
export class SeededJitter implements Jitter {
  readonly #seed: number;
  #generator: RandomGenerator;

  /** @param seed a 32-bit integer */
  constructor(seed: number) {
    this.#seed = seed;
    this.#generator = seededGenerator(seed);
  }

  restart(): void {
    this.#generator = seededGenerator(this.#seed);
  }

  below(limit: number): number {
    // The remainder prefers small numbers by less than one in a thousand; a delay may.
    return (this.#generator.next() >>> 0) % limit;
  }
}
