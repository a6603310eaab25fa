import { isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import type { PassCounts, PassLimits, PassResult } from '../exhaustive-pass.js';
import { Symmetry } from '../symmetry/symmetry.js';
import type { MachineProbe } from './machine-probe.js';
import { StateFrontier } from './state-frontier.js';
import type { FrontierOptions } from './state-frontier.js';
import { StateVisits } from './state-visits.js';
import { TransitionLabels } from './transition-labels.js';
import type { WordOwners } from './word-owners.js';

/** States between two reports of progress. */
const REPORT_STATES = 256;

/** How states are told apart, and which. */
export interface PassOptions extends FrontierOptions {
  /** Threads that can be in each other's places; default none. */
  readonly interchangeable?: readonly (readonly number[])[];
}

/** A pass over the states of a scenario, and others by what it found out. */
export class StatePass {
  readonly #probe: MachineProbe;
  #limits: PassLimits;
  #onProgress: ((counts: PassCounts) => void) | undefined;
  readonly #labels = new TransitionLabels();
  readonly #frontier: StateFrontier;
  readonly #visits: StateVisits;
  readonly #owners: WordOwners | undefined;
  readonly #isSymmetric: boolean;
  #nextReport = REPORT_STATES;
  /** Phases that were carried out before this pass. */
  #carriedBefore = 0;

  constructor(
    probe: MachineProbe,
    options: PassOptions,
    limits: PassLimits,
    onProgress?: (counts: PassCounts) => void,
    owners?: WordOwners,
  ) {
    this.#probe = probe;
    this.#limits = limits;
    this.#onProgress = onProgress;
    this.#owners = owners;
    const parts = probe.begin(owners);
    const { interchangeable = [] } = options;
    this.#isSymmetric = interchangeable.length > 0;
    const symmetry = this.#isSymmetric ? new Symmetry(parts, interchangeable) : undefined;
    const labels = this.#labels;
    const frontier = (this.#frontier = new StateFrontier(parts, options, labels, symmetry?.least));
    this.#visits = new StateVisits({ probe, parts, frontier, labels, limits, owners, symmetry });
  }

  /** How many phases of transitions the machine carried out in the pass; the others were known. */
  get carriedOut(): number {
    return this.#visits.carriedOut - this.#carriedBefore;
  }

  /** Bytes kept for the states, and for the edges between them. */
  get bytes(): { readonly states: number; readonly edges: number } {
    return { states: this.#frontier.store.bytes, edges: this.#frontier.endless.bytes };
  }

  /** Begins another pass, which goes by what is known of phases; where no states are left out. */
  again(limits: PassLimits, onProgress?: (counts: PassCounts) => void): this {
    this.#limits = limits;
    this.#onProgress = onProgress;
    this.#nextReport = REPORT_STATES;
    this.#carriedBefore = this.#visits.carriedOut;
    this.#frontier.begin();
    this.#visits.begin(limits);
    return this;
  }

  /** Makes the pass. */
  run(): PassResult {
    const visits = this.#visits;
    visits.start();
    while (visits.failure === undefined && this.#frontier.advance()) {
      if (this.#owners?.isWrong === true && this.#frontier.reached % REPORT_STATES === 0) break;
      if (this.#isOver()) return { end: 'gave-up', ...this.counts() };
      this.#report();
      visits.visit();
    }
    const isWhole = this.#owners?.isWrong !== true;
    if (visits.failure === undefined && isWhole) this.#lookForLivelock();
    if (visits.failure === undefined)
      return { end: visits.isBounded ? 'bounded' : 'all', ...this.counts() };
    const { decisions } = visits.failure;
    const kernelEvents = decisions.filter((one) => isKernelEvent(one as Decision)).length;
    return { end: 'finding', ...visits.failure, ...this.counts(), kernelEvents };
  }

  /** Counts so far. */
  counts(): PassCounts {
    return this.#visits.counts();
  }

  #isOver(): boolean {
    const { meetings, state, store } = this.#frontier;
    const { executions, decisions } = this.#limits;
    if (meetings + this.#visits.ends >= executions) return true;
    return decisions !== Infinity && store.depthOf(state) > decisions;
  }

  #report(): void {
    const { reached } = this.#frontier;
    // From one state to the next there may be several new ones.
    if (reached < this.#nextReport) return;
    this.#nextReport = reached + REPORT_STATES;
    this.#onProgress?.(this.counts());
  }

  /** What nobody ever leaves and where nothing ends is a livelock, once every transition was taken. */
  #lookForLivelock(): void {
    const { endless, store } = this.#frontier;
    const found = endless.find(store.size);
    if (found === undefined) return;
    const { state, count, lap } = found;
    // What leads on from a state in which others are in each other's places names others.
    const around = this.#isSymmetric ? [] : lap;
    this.#probe.judge(this.#labels.decisionsOf([...store.pathTo(state), ...around]));
    const message =
      `expected every thread to be able to end, got ${count} states ` +
      'that lead to one another for ever';
    this.#visits.fail({ kind: 'livelock', message });
  }
}
