import { DecisionKind, encodeDecision } from '@rseqlab/sim-machine';
import type { ChoiceKind, Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';

/** Follows another director for some decisions, then answers as it was told. */
export class Misdirector implements Director {
  readonly name = 'misdirector';
  readonly scheduling: Director['scheduling'];
  readonly granularity: Director['granularity'];
  readonly #inner: Director;
  readonly #until: number;
  readonly #answer: Decision;
  #made = 0;

  constructor(inner: Director, until: number, answer: Decision) {
    this.#inner = inner;
    this.#until = until;
    this.#answer = answer;
    this.scheduling = inner.scheduling;
    this.granularity = inner.granularity;
  }

  start(point: DecisionPoint): void {
    this.#inner.start?.(point);
  }

  decide(point: DecisionPoint): Decision {
    return this.#made++ < this.#until ? this.#inner.decide(point) : this.#answer;
  }

  choose(kind: ChoiceKind, count: number): number {
    return this.#inner.choose(kind, count);
  }
}

/** Answers that are possible in no state of a machine with two CPUs and eight threads at most. */
export const IMPOSSIBLE: readonly Decision[] = [
  encodeDecision(DecisionKind.Step, 4095, 1),
  encodeDecision(DecisionKind.Step, 2, 1),
  encodeDecision(DecisionKind.Step, 0, 0),
  encodeDecision(DecisionKind.Preempt, 0, 7),
  encodeDecision(DecisionKind.Preempt, 4095, 0),
  encodeDecision(DecisionKind.Preempt, 0, 0xffff),
  encodeDecision(DecisionKind.Migrate, 2, 0),
  encodeDecision(DecisionKind.Migrate, 1, 7),
  encodeDecision(DecisionKind.Migrate, 0, 0xffff),
  encodeDecision(DecisionKind.Tick, 2, 0),
  encodeDecision(DecisionKind.Timer, 0, 0xffff),
  encodeDecision(DecisionKind.Timer, 4095, 0),
  encodeDecision(DecisionKind.Signal, 0, 0),
  encodeDecision(DecisionKind.Signal, 65, 0),
  encodeDecision(DecisionKind.Signal, 9, 0xffff),
  encodeDecision(DecisionKind.Drain, 4095, 0),
  encodeDecision(DecisionKind.PageOut, 0, 0xffff),
  encodeDecision(DecisionKind.PageIn, 0, 0xffff),
  encodeDecision(DecisionKind.Offline, 4095, 0),
  encodeDecision(DecisionKind.Online, 2, 0),
  encodeDecision(DecisionKind.SpuriousWake, 0, 0xffff),
  encodeDecision(DecisionKind.Kill, 0, 0xffff),
  encodeDecision(DecisionKind.Choice, 0, 0),
  0xefff0000 as Decision,
  0xfffffffe as Decision,
  -1 as Decision,
  -2 as Decision,
  (2 ** 32) as Decision,
  1.5 as Decision,
  NaN as Decision,
];
