import { NO_DECISION } from '@rseqlab/sim-machine';
import type {
  ChoiceKind,
  Decision,
  DecisionPoint,
  Director,
  Granularity,
  SchedulingMode,
} from '@rseqlab/sim-machine';

/** Told of what is decided. */
export interface DecisionListener {
  /** A decision is about to be carried out. */
  decided(decision: Decision, point: DecisionPoint): void;
  /** A question that came up in the middle of a decision was answered. */
  chose(): void;
}

/** Decides as another director does, and tells of every decision before it is carried out. */
export class RecordingDirector implements Director {
  readonly name: string;
  readonly scheduling: SchedulingMode;
  readonly granularity: Granularity;
  readonly #inner: Director;
  readonly #listener: DecisionListener;

  constructor(inner: Director, listener: DecisionListener) {
    this.name = inner.name;
    this.scheduling = inner.scheduling;
    this.granularity = inner.granularity;
    this.#inner = inner;
    this.#listener = listener;
  }

  start(point: DecisionPoint): void {
    this.#inner.start?.(point);
  }

  decide(point: DecisionPoint): Decision {
    const decision = this.#inner.decide(point);
    if (decision !== NO_DECISION) this.#listener.decided(decision, point);
    return decision;
  }

  choose(kind: ChoiceKind, count: number): number {
    this.#listener.chose();
    return this.#inner.choose(kind, count);
  }
}
