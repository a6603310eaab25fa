import { isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import type { Finding } from '../../finding.js';
import type { PassCounts, PassLimits, PassResult } from '../exhaustive-pass.js';
import { Asymmetry } from '../symmetry/asymmetry.js';
import type { PhaseImages } from '../symmetry/phase-images.js';
import { Symmetry } from '../symmetry/symmetry.js';
import { DecisionLists } from './decision-lists.js';
import type { DecisionList } from './decision-lists.js';
import type { MachineProbe } from './machine-probe.js';
import type { MovingState } from './moving-state.js';
import { Reduction } from './reduction.js';
import { StateFrontier } from './state-frontier.js';
import type { FrontierOptions } from './state-frontier.js';
import { StateTransitions } from './state-transitions.js';
import { Unsuitable } from './unsuitable.js';
import type { WordOwners } from './word-owners.js';

/** No answers. */
const NONE: readonly number[] = [];

/** States between two reports of progress. */
const REPORT_STATES = 256;

/** How states are told apart, and which. */
export interface PassOptions extends FrontierOptions {
  /** Threads that can be in each other's places; default none. */
  readonly interchangeable?: readonly (readonly number[])[];
}

/** One pass over the states of a scenario. */
export class StatePass {
  readonly #probe: MachineProbe;
  readonly #limits: PassLimits;
  readonly #onProgress: ((counts: PassCounts) => void) | undefined;
  readonly #frontier: StateFrontier;
  readonly #lists: DecisionLists;
  readonly #transitions: StateTransitions;
  readonly #reduction: Reduction | undefined;
  readonly #owners: WordOwners | undefined;
  /** Makes sure that threads are interchangeable that are said to be. */
  readonly #images: PhaseImages | undefined;
  #ends = 0;
  #blocked = 0;
  #isBounded = false;
  #nextReport = REPORT_STATES;
  #failure: { readonly finding: Finding; readonly decisions: Uint32Array } | undefined;

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
    const symmetry =
      interchangeable.length === 0 ? undefined : new Symmetry(parts, interchangeable);
    const frontier = (this.#frontier = new StateFrontier(parts, options, symmetry?.least));
    const lists = (this.#lists = new DecisionLists(parts, probe.machine.cpus.possible));
    this.#transitions = new StateTransitions({
      probe,
      parts,
      frontier,
      arrived: (state) => {
        // The machine is here already, so that to look at what is possible costs least now; unless it
        // had to go elsewhere to see what a word is that somebody waits for.
        if (lists.find(state) === undefined && probe.standsIn(state.words()))
          lists.add(state, probe.possible());
      },
      found: (script) => {
        const { findings } = probe.judge(script);
        if (findings[0] === undefined) throw new Unsuitable('what was found is not found again');
        this.#fail(findings[0]);
      },
      ...(symmetry && {
        carried: (phase) => {
          this.#images!.mirror(phase);
        },
      }),
    });
    const { memo, nodes } = this.#transitions;
    this.#images = symmetry?.phases(probe, memo, nodes);
    this.#reduction = owners && new Reduction(this.#transitions, owners);
  }

  /** How many phases of transitions the machine carried out; the others were known. */
  get carriedOut(): number {
    return this.#transitions.carriedOut;
  }

  /** Bytes kept for the states, and for the edges between them. */
  get bytes(): { readonly states: number; readonly edges: number } {
    return { states: this.#frontier.store.bytes, edges: this.#frontier.endless.bytes };
  }

  /** Makes the pass. */
  run(): PassResult {
    this.#transitions.start();
    while (this.#failure === undefined && this.#frontier.advance()) {
      if (this.#owners?.isWrong === true && this.#frontier.reached % REPORT_STATES === 0) break;
      if (this.#isOver()) return { end: 'gave-up', ...this.counts() };
      this.#visit();
    }
    const isWhole = this.#owners?.isWrong !== true;
    if (this.#failure === undefined && isWhole) this.#lookForLivelock();
    if (this.#failure === undefined)
      return { end: this.#isBounded ? 'bounded' : 'all', ...this.counts() };
    const { decisions } = this.#failure;
    const kernelEvents = decisions.filter((one) => isKernelEvent(one as Decision)).length;
    return { end: 'finding', ...this.#failure, ...this.counts(), kernelEvents };
  }

  /** Counts so far. */
  counts(): PassCounts {
    const { meetings, reached, mostEvents } = this.#frontier;
    return {
      executions: meetings + this.#ends,
      classes: 0,
      blocked: this.#blocked,
      states: reached,
      kernelEvents: mostEvents,
    };
  }

  #isOver(): boolean {
    const { meetings, state, store } = this.#frontier;
    const { executions, decisions } = this.#limits;
    if (meetings + this.#ends >= executions) return true;
    return decisions !== Infinity && store.depthOf(state) > decisions;
  }

  /** Takes all transitions from a state. */
  #visit(): void {
    const { layer, endless, state, reached } = this.#frontier;
    // From one state to the next there may be several new ones.
    if (reached >= this.#nextReport) {
      this.#nextReport = reached + REPORT_STATES;
      this.#onProgress?.(this.counts());
    }
    const list = this.#list();
    this.#images?.mirrorList(list, this.#frontier.present, () => this.#transitions.path());
    const { count, progress } = list;
    if (progress === 0) this.#end();
    const choice = this.#reduction?.of(list);
    if (this.#failure !== undefined) return;
    let last = choice === undefined ? count - 1 : choice.last;
    if (last >= progress && layer >= this.#limits.kernelEvents) {
      this.#isBounded = true;
      endless.leave(state);
      last = progress - 1;
    }
    // The first comes last, so that the machine, which carried it out, stands in the state that is next.
    for (let i = last; i >= 0 && this.#failure === undefined; i--)
      if (!choice?.isLeftOut(i)) this.#transitions.take(list, i);
  }

  #list(): DecisionList {
    const { present } = this.#frontier;
    return this.#lists.find(present) ?? this.#look(present);
  }

  #look(state: MovingState): DecisionList {
    const path = (): number[] => this.#transitions.path();
    this.#probe.goTo(state.words(), () => ({
      path: path(),
      decision: 0,
      answers: NONE,
      phases: 0,
    }));
    return this.#lists.add(state, this.#probe.possible());
  }

  /** A run ends here: every thread has exited, or none can go on without a kernel event. */
  #end(): void {
    this.#ends += 1;
    const path = this.#transitions.path();
    const { findings, result } = this.#probe.judge(path);
    if (findings[0] !== undefined) this.#fail(findings[0]);
    if (result.outcome === 'stopped') return;
    this.#endOthers(path, result.outcome);
    this.#frontier.endless.leave(this.#frontier.state);
    if (result.outcome === 'stuck') this.#blocked += 1;
    else if (result.outcome !== 'finished')
      throw new Unsuitable('a path does not end where it did');
  }

  /** What interchangeable threads end in, in each other's places, is judged too: nobody knows what is checked. */
  #endOthers(path: readonly number[], outcome: string): void {
    if (this.#images === undefined || this.#failure !== undefined) return;
    const words = this.#frontier.present.words();
    for (const other of this.#images.otherPaths(words, path)) {
      const { findings, result } = this.#probe.judge(other);
      if (result.outcome !== outcome) throw new Asymmetry('a run that ends for one thread alone');
      if (findings[0] === undefined) continue;
      this.#fail(findings[0]);
      return;
    }
  }

  #fail(finding: Finding): void {
    this.#failure = { finding, decisions: this.#probe.machine.decisions };
  }

  /** What nobody ever leaves and where nothing ends is a livelock, once every transition was taken. */
  #lookForLivelock(): void {
    const { endless, store } = this.#frontier;
    const found = endless.find(store.size);
    if (found === undefined) return;
    const { state, count, lap } = found;
    // What leads on from a state in which others are in each other's places names others.
    const around = this.#images === undefined ? lap : [];
    this.#probe.judge(this.#transitions.labels.decisionsOf([...store.pathTo(state), ...around]));
    const message =
      `expected every thread to be able to end, got ${count} states ` +
      'that lead to one another for ever';
    this.#fail({ kind: 'livelock', message });
  }
}
