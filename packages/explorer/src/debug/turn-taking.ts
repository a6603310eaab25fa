import { DecisionKind, NO_DECISION, decisionKind, encodeDecision } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint } from '@rseqlab/sim-machine';

/** Rounds of all CPUs after which something that is due (a buffered store, a page, a timer) comes. */
const ROUNDS_BETWEEN_ARRIVALS = 16;

const ARRIVALS: ReadonlySet<number> = new Set([
  DecisionKind.Drain,
  DecisionKind.PageIn,
  DecisionKind.Timer,
]);

/**
 * Lets every CPU execute one instruction in turn, for those who want a run to go on and have no
 * opinion on how: no kernel event comes but where nothing else is possible, when the first queued
 * thread gets its CPU.
 */
export class TurnTaking {
  #last = -1;
  #rounds = 0;
  readonly #possible: Decision[] = [];

  /** The next decision, or NO_DECISION when no thread can go on. */
  next(point: DecisionPoint): Decision {
    const { possibleCpus } = point;
    const count = possibleCpus.length;
    for (let turn = 1; turn <= count; turn++) {
      const at = (this.#last + turn) % count;
      const cpu = possibleCpus[at]!;
      if (!point.canProgress(cpu)) continue;
      if (at <= this.#last && ++this.#rounds >= ROUNDS_BETWEEN_ARRIVALS) {
        this.#rounds = 0;
        const arrival = this.#first(point, (kind) => ARRIVALS.has(kind));
        if (arrival !== NO_DECISION) return arrival;
      }
      this.#last = at;
      return encodeDecision(DecisionKind.Step, cpu, 1);
    }
    const arrival = this.#first(point, (kind) => ARRIVALS.has(kind));
    if (arrival !== NO_DECISION || point.isDeadlocked()) return arrival;
    return this.#first(point, (kind) => kind === DecisionKind.Preempt);
  }

  #first(point: DecisionPoint, isWanted: (kind: number) => boolean): Decision {
    const count = point.enumerate(this.#possible);
    for (let i = 0; i < count; i++) {
      const decision = this.#possible[i]!;
      if (isWanted(decisionKind(decision))) return decision;
    }
    return NO_DECISION;
  }
}
