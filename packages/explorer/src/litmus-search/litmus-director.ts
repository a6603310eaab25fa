import { NO_DECISION } from '@rseqlab/sim-machine';
import type { ChoiceKind, Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';
import type { ExhaustiveDirector } from '../search/exhaustive-director.js';

/** Leaves out decisions that need not be tried. */
export interface DecisionReduction {
  /** What it remembers of a path, as part of what tells states apart. */
  readonly held?: number;
  /** Takes decisions out of the first `count` of a list and returns how many are left. */
  reduce(out: Decision[], count: number, point: DecisionPoint): number;
  /** Takes note of the decision that is carried out next. */
  taken?(decision: Decision, point: DecisionPoint): void;
}

/** Decides as an exhaustive director that is shown only the decisions that it need try. */
export class LitmusDirector implements Director {
  readonly name = 'litmus';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  readonly #search: ExhaustiveDirector;
  readonly #reduction: DecisionReduction;
  #shown: DecisionPoint | undefined;
  #seen: DecisionPoint | undefined;

  constructor(search: ExhaustiveDirector, reduction: DecisionReduction) {
    this.#search = search;
    this.#reduction = reduction;
  }

  start(): void {
    this.#search.start();
  }

  decide(point: DecisionPoint): Decision {
    const decision = this.#search.decide(this.#reduced(point));
    if (decision !== NO_DECISION) this.#reduction.taken?.(decision, point);
    return decision;
  }

  choose(kind: ChoiceKind, count: number): number {
    return this.#search.choose(kind, count);
  }

  /** The same point with fewer decisions; made once a machine. */
  #reduced(point: DecisionPoint): DecisionPoint {
    if (this.#shown !== undefined && this.#seen === point) return this.#shown;
    this.#seen = point;
    this.#shown = {
      enumerate: (out) => this.#reduction.reduce(out, point.enumerate(out), point),
      currentOn: (cpu) => point.currentOn(cpu),
      possibleCpus: point.possibleCpus,
      cyclesOf: (cpu) => point.cyclesOf(cpu),
      timers: point.timers,
      pageIns: point.pageIns,
      activated: point.activated,
      pendingStores: (cpu) => point.pendingStores(cpu),
      canProgress: (cpu) => point.canProgress(cpu),
      isDeadlocked: () => point.isDeadlocked(),
    };
    return this.#shown;
  }
}
