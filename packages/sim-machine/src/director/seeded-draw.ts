import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { seededGenerator } from './seeded-generator.js';

/**
 * Draws numbers from a seed: the same seed and the same calls give the same numbers on every host.
 *
 * One object serves any number of runs, each from a seed of its own.
 */
export class SeededDraw {
  #generator: RandomGenerator;

  /** @param seed a 32-bit integer */
  constructor(seed: number) {
    this.#generator = seededGenerator(seed);
  }

  /** Starts anew from another seed. */
  restart(seed: number): void {
    this.#generator = seededGenerator(seed);
  }

  /** A number from 0 to `count` - 1, all as likely; `count` is 1 to 2^32. */
  below(count: number): number {
    return uniformInt(this.#generator, 0, count - 1);
  }
}
