import type {
  ChoiceKind,
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

  constructor(inner: InterruptibleDirector, spins: SpinLoops) {
    this.name = inner.name;
    this.scheduling = inner.scheduling;
    this.granularity = inner.granularity;
    this.inner = inner;
    this.#spins = spins;
  }

  start(point: DecisionPoint): void {
    this.#spins.seesFrom(point);
    this.inner.start?.(point);
  }

  decide(point: DecisionPoint): Decision {
    const spins = this.#spins;
    if (spins.isProbing) return spins.goOn(point);
    if (this.inner.isRepeating === true || !spins.begins(point)) return this.inner.decide(point);
    this.inner.interrupt?.(point);
    return spins.goOn(point);
  }

  choose(kind: ChoiceKind, count: number): number {
    // Under the weak model 0 is the newest write, which a thread reads sooner or later.
    return this.#spins.isProbing ? 0 : this.inner.choose(kind, count);
  }
}
