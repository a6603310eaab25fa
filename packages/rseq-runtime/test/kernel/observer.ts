import { RandomDirector } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';

/** A random director that looks at the machine before each of its decisions. */
export class Observer implements Director {
  readonly name = 'observer';
  readonly scheduling = 'free';
  readonly granularity = 'instruction';
  readonly #random: RandomDirector;
  readonly #look: () => void;

  constructor(seed: number, look: () => void) {
    this.#random = new RandomDirector({ seed, granularity: 'instruction' });
    this.#look = look;
  }

  start(): void {
    this.#random.start();
  }

  decide(point: DecisionPoint): Decision {
    this.#look();
    return this.#random.decide(point);
  }

  choose(kind: number, count: number): number {
    return this.#random.choose(kind, count);
  }
}
