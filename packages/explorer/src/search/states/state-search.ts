import type { MachineConfig } from '@rseqlab/sim-machine';
import { ExplorerError } from '../../explorer-error.js';
import type { Scenario } from '../../scenario.js';
import { ExhaustiveSearch } from '../exhaustive-pass.js';
import type { PassCounts, PassLimits, PassResult } from '../exhaustive-pass.js';
import type { Search } from '../search-strategy.js';
import { MachineProbe } from './machine-probe.js';
import { StatePass } from './state-pass.js';
import type { FrontierOptions } from './state-frontier.js';
import { Unsuitable } from './unsuitable.js';
import { WordOwners } from './word-owners.js';

/** How states are searched. */
export interface StateSearchOptions extends FrontierOptions {
  /** Replaces parts of the scenario's machine. */
  readonly machine?: MachineConfig;
  /** Leaves states out that tell nothing new, see `Reduction`; where states can be kept. */
  readonly reduce?: boolean;
}

/**
 * Takes every transition from every state of a scenario's machine, fewest kernel events first.
 *
 * What a transition does is kept by what it reads, so that the machine carries out only what is new;
 * where a scenario does what that does not cover, every path is executed instead, with the same result.
 */
export class StateSearch implements Search {
  readonly #scenario: Scenario;
  readonly #options: StateSearchOptions;
  readonly #watchesRaces: boolean;
  #byPath: ExhaustiveSearch | undefined;
  #probe: MachineProbe | undefined;
  #lastPass: StatePass | undefined;
  /** Undefined where no states are left out. */
  #owners: WordOwners | undefined;

  /** @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built */
  constructor(scenario: Scenario, options: StateSearchOptions = {}) {
    this.#scenario = scenario;
    this.#options = options;
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
   * @throws ExplorerError `ERR_OPTION` for an identity of more than 64 bits where every path has to be
   *   executed
   */
  run(limits: PassLimits, onExecution?: (counts: PassCounts) => void): PassResult {
    this.#lastPass = undefined;
    const probe = this.#probe;
    if (probe?.isSuitable === true && !this.#watchesRaces && isWithoutBounds(limits)) {
      try {
        return this.#runOn(probe, limits, onExecution);
      } catch (error) {
        if (!(error instanceof Unsuitable)) throw error;
        this.#lastPass = undefined;
        this.#probe = undefined;
      }
    }
    const { identity = 64 } = this.#options;
    if (identity !== 64)
      throw new ExplorerError(
        'ERR_OPTION',
        'expected a scenario whose states can be kept (sc; no processes, signals, timers or bounds ' +
          `on preemptions and delays) for a fingerprint of ${identity}, got "${this.#scenario.name}"`,
      );
    // Whether two accesses race is told by the way to a state, not by the state.
    const tellsApart = this.#watchesRaces ? 'graphs' : 'states';
    this.#byPath ??= new ExhaustiveSearch(this.#scenario, this.#options.machine, tellsApart);
    return this.#byPath.run(limits, onExecution);
  }

  /** Makes passes until one has relied on nothing that is wrong. */
  #runOn(
    probe: MachineProbe,
    limits: PassLimits,
    onExecution?: (counts: PassCounts) => void,
  ): PassResult {
    for (;;) {
      this.#owners?.begin();
      const pass = new StatePass(probe, this.#options, limits, onExecution, this.#owners);
      this.#lastPass = pass;
      try {
        const result = pass.run();
        if (this.#owners?.isForeign === true) this.#owners = undefined;
        else if (this.#owners?.isWrong !== true) return result;
      } catch (error) {
        // It may have to do with what is done early.
        if (!(error instanceof Unsuitable) || this.#owners === undefined) throw error;
        this.#owners = undefined;
      }
    }
  }
}

function isWithoutBounds({ preemptions, delays }: PassLimits): boolean {
  return preemptions === Infinity && delays === Infinity;
}
