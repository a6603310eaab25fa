import type { MachineConfig } from '@rseqlab/sim-machine';
import { ExplorerError } from '../../explorer-error.js';
import type { Scenario } from '../../scenario.js';
import { ExhaustiveSearch } from '../exhaustive-pass.js';
import type { PassCounts, PassLimits, PassResult } from '../exhaustive-pass.js';
import { SampledSearch } from '../sampling/sampled-search.js';
import { UniformPolicy } from '../sampling/uniform-policy.js';
import type { Search } from '../search-strategy.js';
import { Asymmetry } from '../symmetry/asymmetry.js';
import { MachineProbe } from './machine-probe.js';
import type { FrontierOptions } from './state-frontier.js';
import { StatePass } from './state-pass.js';
import type { PassOptions } from './state-pass.js';
import { Unsuitable } from './unsuitable.js';
import { WordOwners } from './word-owners.js';

/** Executions by which it is found out whether threads spin. */
const SCOUT_LIMITS: PassLimits = {
  executions: 16,
  decisions: 2_000,
  kernelEvents: 0,
  preemptions: Infinity,
  delays: Infinity,
};

const SCOUT_SEED = 1;

/** States from which on it is worth to find that out. */
const MANY_STATES = 256;

/** How states are searched. */
export interface StateSearchOptions extends FrontierOptions {
  /** Replaces parts of the scenario's machine. */
  readonly machine?: MachineConfig;
  /** Leaves states out that tell nothing new, see `Reduction`; where states can be kept. */
  readonly reduce?: boolean;
  /** Takes states as one that interchangeable threads make of each other, see `Symmetry`. */
  readonly symmetry?: boolean;
}

/**
 * Takes every transition from every state of a scenario's machine, fewest kernel events first.
 *
 * What a transition does is kept by what it reads, so that the machine carries out only what is new, in
 * this pass and in those after it; where a scenario does what that does not cover, every path is executed instead, with the same result.
 */
export class StateSearch implements Search {
  readonly #scenario: Scenario;
  readonly #options: StateSearchOptions;
  readonly #watchesRaces: boolean;
  #byPath: ExhaustiveSearch | undefined;
  #probe: MachineProbe | undefined;
  #lastPass: StatePass | undefined;
  /** A pass that came to its end, of which the next one takes over what phases do, and its tables. */
  #kept: StatePass | undefined;
  /** Whether programs go round in circles; undefined before that was asked. */
  #hasCircles: boolean | undefined;
  readonly #passOptions: PassOptions;
  /** Undefined where no states are left out. */
  #owners: WordOwners | undefined;

  /**
   * @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built; ExplorerError `ERR_OPTION` for
   *   symmetry of a scenario that does not say which threads are interchangeable
   */
  constructor(scenario: Scenario, options: StateSearchOptions = {}) {
    this.#scenario = scenario;
    this.#options = options;
    const { interchangeable = [] } = scenario;
    if (options.symmetry === true && interchangeable.length === 0)
      throw new ExplorerError(
        'ERR_OPTION',
        'expected a scenario that says which threads are interchangeable for symmetry, ' +
          `got "${scenario.name}"`,
      );
    this.#passOptions = options.symmetry === true ? { ...options, interchangeable } : options;
    if (options.reduce === true) this.#owners = new WordOwners();
    this.#probe = new MachineProbe(scenario, options.machine ?? {});
    this.#watchesRaces = this.#probe.machine.shadow !== undefined;
  }

  /** What the last pass kept, where it kept states; for reports. */
  get lastPass(): StatePass | undefined {
    return this.#lastPass;
  }

  /**
   * Makes a pass; `onExecution` is called now and then.
   *
   * @throws ExplorerError `ERR_OPTION` for an identity of more than 64 bits, or symmetry, where every path has
   *   to be executed; `ERR_SCENARIO` where threads are not interchangeable that are said to be
   */
  run(limits: PassLimits, onExecution?: (counts: PassCounts) => void): PassResult {
    this.#lastPass = undefined;
    const probe = this.#probe;
    if (probe?.isSuitable === true && !this.#watchesRaces && isWithoutBounds(limits)) {
      try {
        return this.#runOn(probe, limits, (counts) => {
          if (counts.states >= MANY_STATES) this.#expectNoCircles();
          onExecution?.(counts);
        });
      } catch (error) {
        if (error instanceof Asymmetry) throw this.#refusal(error);
        if (!(error instanceof Unsuitable)) throw error;
        this.#lastPass = undefined;
        probe.giveBack();
        this.#probe = undefined;
      }
    }
    const { identity = 64, symmetry = false } = this.#options;
    if (identity !== 64 || symmetry)
      throw new ExplorerError(
        'ERR_OPTION',
        'expected a scenario whose states can be kept (sc; no processes, signals, timers, programs that go ' +
          'round in circles, or bounds on preemptions and delays) for ' +
          `${symmetry ? 'symmetry' : `a fingerprint of ${identity}`}, got "${this.#scenario.name}"`,
      );
    // Whether two accesses race is told by the way to a state, not by the state.
    const tellsApart = this.#watchesRaces ? 'graphs' : 'states';
    const { machine, reduce = false } = this.#options;
    const reduces = reduce && tellsApart === 'states';
    this.#byPath ??= new ExhaustiveSearch(this.#scenario, machine, tellsApart, reduces);
    return this.#byPath.run(limits, onExecution);
  }

  giveBack(): void {
    this.#probe?.giveBack();
    this.#byPath?.giveBack();
  }

  #refusal(cause: Asymmetry): ExplorerError {
    const { name, interchangeable = [] } = this.#scenario;
    const threads = interchangeable.map((group) => group.join(', ')).join('; ');
    return new ExplorerError(
      'ERR_SCENARIO',
      `expected threads ${threads} of scenario "${name}" to be interchangeable, got ${cause.message}`,
      { cause },
    );
  }

  /**
   * Where programs in TypeScript go round in circles every round is a state of its own, as nobody sees what
   * they have in their variables: then paths are executed, on which they are held back. A few executions tell.
   *
   * @throws Unsuitable where they do
   */
  #expectNoCircles(): void {
    if ((this.#options.identity ?? 64) !== 64) return;
    this.#hasCircles ??= this.#scout();
    if (this.#hasCircles) throw new Unsuitable('threads go round in circles in their programs');
  }

  #scout(): boolean {
    const { machine = {} } = this.#options;
    const policy = new UniformPolicy();
    const scouts = new SampledSearch(this.#scenario, { policy, seed: SCOUT_SEED, machine });
    scouts.run(SCOUT_LIMITS);
    scouts.giveBack();
    return scouts.hasCircled;
  }

  /** Makes passes until one has relied on nothing that is wrong. */
  #runOn(
    probe: MachineProbe,
    limits: PassLimits,
    onExecution?: (counts: PassCounts) => void,
  ): PassResult {
    for (;;) {
      this.#owners?.begin();
      const pass =
        this.#takeKept()?.again(limits, onExecution) ??
        new StatePass(probe, this.#passOptions, limits, onExecution, this.#owners);
      this.#lastPass = pass;
      try {
        const result = pass.run();
        if (result.end === 'gave-up') this.#expectNoCircles();
        if (this.#owners?.isForeign === true) this.#owners = undefined;
        else if (this.#owners?.isWrong !== true) {
          // What is left out, and who is whose image, each pass finds out for itself.
          if (this.#owners === undefined && this.#options.symmetry !== true) this.#kept = pass;
          return result;
        }
      } catch (error) {
        // It may have to do with what is done early.
        if (!(error instanceof Unsuitable) || this.#owners === undefined) throw error;
        this.#owners = undefined;
      }
    }
  }

  /** The pass that was kept, which is in use from now on: one that does not come to its end is not kept. */
  #takeKept(): StatePass | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept;
  }
}

function isWithoutBounds({ preemptions, delays }: PassLimits): boolean {
  return preemptions === Infinity && delays === Infinity;
}
