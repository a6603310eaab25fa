import { DecisionKind, NO_DECISION, encodeDecision } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint } from '@rseqlab/sim-machine';

/** Lets CPUs take turns: each executes a step and empties a place of its store buffer, then the next does. */
export class FairTurns {
  #turn = 0;

  /** Starts with the first CPU. */
  start(): void {
    this.#turn = 0;
  }

  /** What is next, or NO_DECISION where no thread can go on and no store is left. */
  next(point: DecisionPoint): Decision {
    const { possibleCpus } = point;
    const turns = possibleCpus.length * 2;
    for (let n = 0; n < turns; n++) {
      const turn = this.#turn;
      this.#turn = (turn + 1) % turns;
      const cpu = possibleCpus[turn >> 1]!;
      if ((turn & 1) === 0) {
        if (point.canProgress(cpu)) return encodeDecision(DecisionKind.Step, cpu, 1);
      } else if (point.pendingStores(cpu) > 0) return encodeDecision(DecisionKind.Drain, cpu, 0);
    }
    return NO_DECISION;
  }
}
