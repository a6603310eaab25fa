import { NO_DECISION } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';

/** Something that happens to the first thread, after so many decisions since the last one. */
export interface Interruption {
  readonly after: number;
  readonly decision: Decision;
  /** Called when the decision was possible and has been carried out, before anything else happens. */
  readonly happened: () => void;
}

/** Runs everything instruction by instruction, and interrupts where it was told to. */
export class InterruptingDirector implements Director {
  readonly name = 'interrupting';
  readonly scheduling = 'free';
  readonly granularity = 'instruction';
  readonly #possible: Decision[] = [];
  readonly #interruptions: Interruption[];
  #since = 0;
  #happened: (() => void) | undefined;

  constructor(interruptions: readonly Interruption[]) {
    this.#interruptions = [...interruptions];
  }

  decide(point: DecisionPoint): Decision {
    this.#happened?.();
    this.#happened = undefined;
    const count = point.enumerate(this.#possible);
    if (count === 0) return NO_DECISION;
    const next = this.#interruptions[0];
    if (next !== undefined && this.#since++ >= next.after) {
      this.#interruptions.shift();
      this.#since = 0;
      if (this.#possible.slice(0, count).includes(next.decision)) {
        this.#happened = next.happened;
        return next.decision;
      }
    }
    return this.#possible[0]!;
  }

  choose(): number {
    return 0;
  }
}
