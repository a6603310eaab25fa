import {
  ChoiceKind,
  DecisionKind,
  NO_DECISION,
  decisionKind,
  decisionX,
} from '@rseqlab/sim-machine';
import type {
  Decision,
  DecisionPoint,
  Director,
  Granularity,
  SchedulingMode,
} from '@rseqlab/sim-machine';
import type { SpinLoops } from './spin-loops.js';

/** A director of runs that are interrupted to look at a thread, and then made again. */
export interface InterruptibleDirector extends Director {
  /** Whether it repeats what was decided before, so that nobody has to be looked at. */
  readonly isRepeating?: boolean;
  /** The run ends here, where nothing is decided yet. */
  interrupt?(point: DecisionPoint): void;
  /**
   * Set where the run ends because the last answer leads nowhere that another one does not lead to. Where this is
   * missing, such answers are replaced.
   */
  isRedundant?: boolean;
  /** The next run is to go the same way to where the last was interrupted, and on from there. */
  again?(): void;
}

/** Decides as another director does, until a thread has to be looked at that may spin. */
export class SpinAwareDirector implements Director {
  readonly name: string;
  readonly scheduling: SchedulingMode;
  readonly granularity: Granularity;
  /** The other director. */
  readonly inner: InterruptibleDirector;
  readonly #spins: SpinLoops;
  /** The answer to what the step that is taken next may read that is left out, or -1. */
  #leftOut = -1;
  /** The CPU that takes a step, or -1. */
  #stepping = -1;
  #isInVain = false;

  constructor(inner: InterruptibleDirector, spins: SpinLoops) {
    this.name = inner.name;
    this.scheduling = inner.scheduling;
    this.granularity = inner.granularity;
    this.inner = inner;
    this.#spins = spins;
  }

  start(point: DecisionPoint): void {
    this.#isInVain = false;
    this.#stepping = -1;
    this.inner.start?.(point);
  }

  decide(point: DecisionPoint): Decision {
    const spins = this.#spins;
    this.#leftOut = -1;
    if (spins.isProbing || (spins.isTrying && spins.tries(point))) return spins.goOn(point);
    if (this.#isInVain) {
      this.inner.interrupt?.(point);
      this.inner.isRedundant = true;
      return NO_DECISION;
    }
    if (this.inner.isRepeating === true || !spins.begins(point)) {
      const decision = this.inner.decide(point);
      this.#leftOut = spins.leftOut(decision, point);
      this.#stepping = decisionKind(decision) === DecisionKind.Step ? decisionX(decision) : -1;
      return decision;
    }
    this.inner.interrupt?.(point);
    return spins.goOn(point);
  }

  choose(kind: ChoiceKind, count: number): number {
    // A thread that is looked at keeps its CPU: it is the last of those who may have it.
    if (this.#spins.isProbing) return kind === ChoiceKind.NextThread ? count - 1 : 0;
    if (kind === ChoiceKind.NextThread && this.#stepping >= 0) return this.#nextThread(count);
    // The oldest write comes last; where another one comes last, what is left out cannot be read any more.
    const isLess = kind === ChoiceKind.Write && this.#leftOut === count - 1;
    return this.inner.choose(kind, isLess ? count - 1 : count);
  }

  #nextThread(count: number): number {
    const { inner } = this;
    const spins = this.#spins;
    const isGiven = inner.isRepeating === true;
    const answer = inner.choose(ChoiceKind.NextThread, count);
    const isInVain = (other: number): boolean => spins.isInVain(this.#stepping, other, count);
    if (!isInVain(answer)) return answer;
    if (inner.isRedundant !== undefined) this.#isInVain = true;
    else if (!isGiven) {
      let other = answer;
      do other = (other + 1) % count;
      while (isInVain(other));
      return other;
    }
    return answer;
  }
}
