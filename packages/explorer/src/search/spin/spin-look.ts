import { NO_DECISION } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Machine, RunResult } from '@rseqlab/sim-machine';
import { CallSites } from './call-sites.js';
import type { KnownRounds } from './known-rounds.js';
import type { ReadWindows } from './read-windows.js';
import { RoundTrial } from './round-trial.js';
import { SpinProbe } from './spin-probe.js';

/** How a run ended in which a thread was looked at. */
export interface LookEnd {
  readonly outcome: RunResult['outcome'];
  /** Whether it can be made again with more decisions, where it was too short. */
  readonly mayBeLonger: boolean;
  /** Whether an assertion did not hold in it. */
  readonly hasFailed: boolean;
}

/** Whether a run that is over is what was wanted, or has to be made again, or with more decisions. */
export type Settled = 'settled' | 'again' | 'longer';

/**
 * Looks at a thread that may spin, in runs that are thrown away: first for where in its program it is, then for
 * whether it repeats what it read last ({@link SpinProbe}), then for in how many reads it goes round ({@link RoundTrial}).
 */
export class SpinLook {
  readonly #sites: CallSites;
  readonly #probe: SpinProbe;
  readonly #trial: RoundTrial;
  /** Adds what is known once the trial is over. */
  #add: ((reads: number) => void) | undefined;
  #hasFoundLoop = false;

  /** @param mayMiss - whether loads may read what is not in memory any more */
  constructor(machine: Machine, windows: ReadWindows, mayMiss: boolean) {
    this.#sites = new CallSites(machine, windows);
    this.#probe = new SpinProbe(machine, windows, this.#sites, mayMiss);
    this.#trial = new RoundTrial(machine, windows);
  }

  /** Whether a loop was found in a program in TypeScript: its thread never is where it was, as far as can be seen. */
  get hasFoundLoop(): boolean {
    return this.#hasFoundLoop;
  }

  /** Whether other values than it would read are pretended to a thread. */
  get isTrying(): boolean {
    return this.#trial.isOpen;
  }

  /** A thread may spin; where in its program it is has to be seen first, in a run that is made again. */
  begin(thread: number, cpu: number, place: string): void {
    if (this.#sites.isWatching) this.#probe.begin(thread, cpu, place);
  }

  /** Whether a run that repeats another is where a thread is tried; begins with that if so. */
  isDue(point: DecisionPoint): boolean {
    return this.#trial.isDue(point);
  }

  /** The next step of the thread that is looked at, or NO_DECISION where enough is known. */
  goOn(point: DecisionPoint): Decision {
    if (this.#trial.isOpen) return this.#trial.goOn(point);
    return this.#probe.thread >= 0 ? this.#probe.goOn(point) : NO_DECISION;
  }

  /** A run is over in which a thread was looked at. @param known - is told what was found */
  settle(end: LookEnd, known: KnownRounds): Settled {
    const { outcome, mayBeLonger } = end;
    if (this.#trial.isOpen) return this.#settleTrial(end);
    if (this.#probe.thread < 0) {
      this.#sites.watch();
      return 'again';
    }
    const { thread, place, readsBefore, readsSeen, isProven, isUnclear, yields } = this.#probe;
    const rounds = this.#probe.end();
    if (isUnclear || (outcome === 'limit' && mayBeLonger)) {
      this.#sites.watch();
      return isUnclear ? 'again' : 'longer';
    }
    this.#sites.clear();
    // The thread does something for ever in which it reads nothing: the run ends like any that is too long.
    if (outcome === 'limit') return 'settled';
    this.#add = (reads) => {
      const round = rounds.find(({ length }) => length === reads) ?? [];
      known.isByValues ||= round !== (rounds[0] ?? round);
      known.add(place, round, readsSeen, yields, [...this.#trial.words]);
    };
    // Also where it has not gone round yet, as far as its last reads tell.
    if (rounds.length > 0 && !isProven) this.#hasFoundLoop = true;
    this.#trial.begin(thread, readsBefore, rounds, known.values, isProven);
    return this.#goOnTrying('longer');
  }

  #settleTrial({ outcome, mayBeLonger, hasFailed }: LookEnd): Settled {
    if (outcome === 'limit' && mayBeLonger) return 'longer';
    this.#trial.endRun(hasFailed);
    return this.#goOnTrying(mayBeLonger ? 'again' : 'longer');
  }

  #goOnTrying(next: Settled): Settled {
    if (this.#trial.isOpen) return next;
    this.#add!(this.#trial.round);
    this.#add = undefined;
    this.#trial.end();
    return 'again';
  }
}
