import { DecisionKind, NO_DECISION, encodeDecision, isKernelEvent } from '@rseqlab/sim-machine';
import type { ChoiceKind, Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';

interface Fork {
  readonly options: readonly Decision[];
  taken: number;
}

/** Takes every path, one after the other, without any reduction. */
export class EveryPathDirector implements Director {
  readonly name = 'every path';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  readonly #bound: number;
  readonly #forks: Fork[] = [];
  #depth = 0;
  #events = 0;

  /** @param bound most kernel events of a path */
  constructor(bound: number) {
    this.#bound = bound;
  }

  start(): void {
    this.#depth = 0;
    this.#events = 0;
  }

  decide(point: DecisionPoint): Decision {
    const possible: Decision[] = [];
    const count = point.enumerate(possible);
    const allowed = possible
      .slice(0, count)
      .filter((decision) => !isKernelEvent(decision) || this.#events < this.#bound);
    if (allowed.every(isKernelEvent)) allowed.unshift(NO_DECISION);
    const taken = this.#take(allowed);
    if (taken !== NO_DECISION && isKernelEvent(taken)) this.#events += 1;
    return taken;
  }

  choose(kind: ChoiceKind, count: number): number {
    const answers = Array.from({ length: count }, (_, answer) =>
      encodeDecision(DecisionKind.Choice, kind, answer),
    );
    return this.#take(answers) & 0xffff;
  }

  /** Moves to the next path; false when all were taken. */
  advance(): boolean {
    const forks = this.#forks;
    for (let last = forks.at(-1); last !== undefined; last = forks.at(-1)) {
      last.taken += 1;
      if (last.taken < last.options.length) return true;
      forks.pop();
    }
    return false;
  }

  #take(options: readonly Decision[]): Decision {
    const fork = (this.#forks[this.#depth] ??= { options, taken: 0 });
    this.#depth += 1;
    return fork.options[fork.taken]!;
  }
}
