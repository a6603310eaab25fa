import { NO_DECISION } from './decision.js';
import type { Decision } from './decision.js';
import type { DecisionPoint, Director, Granularity } from './director.js';
import { SeededDraw } from './seeded-draw.js';

/** How a random run is to be executed. */
export interface RandomOptions {
  /** Seed, a 32-bit integer. The same seed gives the same run. */
  readonly seed: number;
  /** Default `access`. */
  readonly granularity?: Granularity;
}

/** Chooses uniformly among the possible decisions, from a seed. */
export class RandomDirector implements Director {
  readonly name = 'random';
  readonly scheduling = 'free';
  readonly granularity: Granularity;
  readonly #seed: number;
  readonly #possible: Decision[] = [];
  readonly #draw: SeededDraw;

  constructor(options: RandomOptions) {
    this.#seed = options.seed;
    this.granularity = options.granularity ?? 'access';
    this.#draw = new SeededDraw(this.#seed);
  }

  start(): void {
    this.#draw.restart(this.#seed);
  }

  decide(point: DecisionPoint): Decision {
    const count = point.enumerate(this.#possible);
    if (count === 0) return NO_DECISION;
    return this.#possible[this.#draw.below(count)]!;
  }

  choose(_kind: number, count: number): number {
    return this.#draw.below(count);
  }
}
