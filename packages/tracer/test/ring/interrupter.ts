import { NO_DECISION } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';

/**
 * Lets the first CPU execute some instructions, interrupts it if that is still possible, and lets
 * everything run to its end.
 */
export class Interrupter implements Director {
  readonly name = 'interrupter';
  readonly scheduling = 'free';
  readonly granularity = 'instruction';
  readonly #possible: Decision[] = [];
  readonly #interruption: Decision[];
  #instructions: number;

  constructor(instructions: number, interruption: readonly Decision[]) {
    this.#instructions = instructions;
    this.#interruption = [...interruption];
  }

  decide(point: DecisionPoint): Decision {
    const count = point.enumerate(this.#possible);
    if (count === 0) return NO_DECISION;
    if (this.#instructions-- <= 0) {
      const next = this.#interruption.shift();
      if (next !== undefined && this.#possible.slice(0, count).includes(next)) return next;
    }
    return this.#possible[0]!;
  }

  choose(): number {
    return 0;
  }
}
