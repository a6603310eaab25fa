import type { Finding } from '../../finding.js';
import type { PassCounts, PassLimits } from '../exhaustive-pass.js';
import { Asymmetry } from '../symmetry/asymmetry.js';
import type { PhaseImages } from '../symmetry/phase-images.js';
import type { Symmetry } from '../symmetry/symmetry.js';
import { DecisionLists } from './decision-lists.js';
import type { DecisionList } from './decision-lists.js';
import type { Frontier } from './frontier.js';
import type { MachineProbe } from './machine-probe.js';
import type { MovingState } from './moving-state.js';
import { Reduction } from './reduction.js';
import type { StateParts } from './state-parts.js';
import { StateTransitions } from './state-transitions.js';
import type { TransitionLabels } from './transition-labels.js';
import { Unsuitable } from './unsuitable.js';
import type { WordOwners } from './word-owners.js';

/** No answers. */
const NONE: readonly number[] = [];

/** What was found, and the decisions that lead there. */
export interface Failure {
  readonly finding: Finding;
  readonly decisions: Uint32Array;
}

/** What states are visited with. */
export interface VisitPorts {
  readonly probe: MachineProbe;
  readonly parts: StateParts;
  readonly frontier: Frontier;
  readonly labels: TransitionLabels;
  readonly limits: Pick<PassLimits, 'kernelEvents'>;
  /** Undefined where no states are left out. */
  readonly owners: WordOwners | undefined;
  /** Undefined where no threads are interchangeable. */
  readonly symmetry?: Symmetry | undefined;
}

/** Takes all transitions from one state after the other, and judges what ends there. */
export class StateVisits {
  /** Ends of runs. */
  ends = 0;
  /** Those at which threads are left that can never go on. */
  blocked = 0;
  /** Whether a kernel event was not taken as there were too many on the way. */
  isBounded = false;
  failure: Failure | undefined;
  readonly #probe: MachineProbe;
  #limits: Pick<PassLimits, 'kernelEvents'>;
  readonly #frontier: Frontier;
  readonly #lists: DecisionLists;
  readonly #transitions: StateTransitions;
  readonly #reduction: Reduction | undefined;
  /** Makes sure that threads are interchangeable that are said to be. */
  readonly #images: PhaseImages | undefined;

  constructor({ probe, parts, frontier, labels, limits, owners, symmetry }: VisitPorts) {
    this.#probe = probe;
    this.#limits = limits;
    this.#frontier = frontier;
    const lists = (this.#lists = new DecisionLists(parts, probe.machine.cpus.possible));
    this.#transitions = new StateTransitions({
      probe,
      parts,
      frontier,
      labels,
      arrived: (state) => {
        // The machine is here already, so that to look at what is possible costs least now; unless it
        // had to go elsewhere to see what a word is that somebody waits for.
        if (lists.find(state) === undefined && probe.standsIn(state.words()))
          lists.add(state, probe.possible());
      },
      found: (script) => {
        const { findings } = probe.judge(script);
        if (findings[0] === undefined) throw new Unsuitable('what was found is not found again');
        this.fail(findings[0]);
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

  /** Forgets what was counted and found, but not what phases do. */
  begin(limits: Pick<PassLimits, 'kernelEvents'>): void {
    this.#limits = limits;
    this.ends = 0;
    this.blocked = 0;
    this.isBounded = false;
    this.failure = undefined;
  }

  /** Comes to the first states. */
  start(): void {
    this.#transitions.start();
  }

  /** Takes all transitions from the state that the frontier is in. */
  visit(): void {
    const list = this.#list();
    this.#images?.mirrorList(list, this.#frontier.present, () => this.#frontier.path());
    const { count, progress } = list;
    if (progress === 0) this.#end();
    const choice = this.#reduction?.of(list);
    if (this.failure !== undefined) return;
    let last = choice === undefined ? count - 1 : choice.last;
    if (last >= progress && this.#frontier.layer >= this.#limits.kernelEvents) {
      this.isBounded = true;
      this.#frontier.leave();
      last = progress - 1;
    }
    // The first comes last, so that the machine, which carried it out, stands in the state that is next.
    for (let i = last; i >= 0 && this.failure === undefined; i--)
      if (!choice?.isLeftOut(i)) this.#transitions.take(list, i);
  }

  #list(): DecisionList {
    const { present } = this.#frontier;
    return this.#lists.find(present) ?? this.#look(present);
  }

  #look(state: MovingState): DecisionList {
    this.#probe.goTo(state.words(), () => ({
      path: this.#frontier.path(),
      decision: 0,
      answers: NONE,
      phases: 0,
    }));
    return this.#lists.add(state, this.#probe.possible());
  }

  /** Counts so far, of what was visited and where that led. */
  counts(): PassCounts {
    const { meetings, reached, mostEvents } = this.#frontier;
    return {
      executions: meetings + this.ends,
      classes: 0,
      blocked: this.blocked,
      states: reached,
      kernelEvents: mostEvents,
    };
  }

  /** A run ends here: every thread has exited, or none can go on without a kernel event. */
  #end(): void {
    this.ends += 1;
    const path = this.#frontier.path();
    const { findings, result } = this.#probe.judge(path);
    if (findings[0] !== undefined) this.fail(findings[0]);
    if (result.outcome === 'stopped') return;
    this.#endOthers(path, result.outcome);
    this.#frontier.leave();
    if (result.outcome === 'stuck') this.blocked += 1;
    else if (result.outcome !== 'finished')
      throw new Unsuitable('a path does not end where it did');
  }

  /** What interchangeable threads end in, in each other's places, is judged too: nobody knows what is checked. */
  #endOthers(path: readonly number[], outcome: string): void {
    if (this.#images === undefined || this.failure !== undefined) return;
    const words = this.#frontier.present.words();
    for (const other of this.#images.otherPaths(words, path)) {
      const { findings, result } = this.#probe.judge(other);
      if (result.outcome !== outcome) throw new Asymmetry('a run that ends for one thread alone');
      if (findings[0] === undefined) continue;
      this.fail(findings[0]);
      return;
    }
  }

  /** Notes what was found in the run that the machine has made. */
  fail(finding: Finding): void {
    this.failure = { finding, decisions: this.#probe.machine.decisions };
  }
}
