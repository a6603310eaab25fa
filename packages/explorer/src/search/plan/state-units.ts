import { ExplorerError } from '../../explorer-error.js';
import type { Scenario } from '../../scenario.js';
import type { PassCounts, PassResult } from '../exhaustive-pass.js';
import type { UnitOptions } from '../search-strategy.js';
import { MachineProbe } from '../states/machine-probe.js';
import { StateLane } from '../states/together/state-lane.js';
import type { LaneOptions } from '../states/together/state-lane.js';
import { stateWords } from '../states/together/shared-frontier.js';
import type { LaneReport, LaneRound } from '../states/together/lane-round.js';
import type { SearchShape } from '../states/together/search-memory.js';
import { SharedStore } from '../states/together/shared-store.js';
import type { LaneWork } from '../states/together/state-rounds.js';
import { unendingStates } from '../states/together/unending.js';
import { StateKey } from '../states/state-key.js';
import { StateSearch } from '../states/state-search.js';
import { Unsuitable } from '../states/unsuitable.js';
import type { PlannedUnit, UnitOutcome } from './search-plan.js';
import type { Cutting, UnitSearch } from './unit-search.js';
import { WholeUnits } from './whole-units.js';
import type { WholeValue } from './whole-units.js';

/** What there was to be told of a lane that cannot search in this way. */
const NO_LANE: LaneReport = {
  counts: { executions: 0, classes: 0, blocked: 0, states: 0, kernelEvents: 0 },
  isBounded: false,
  isDone: false,
  waiting: 0,
  needsOne: true,
  owners: [],
  edges: { pieces: [], length: 0 },
};

/**
 * A search of states as one unit, done by one or, in rounds, by several together; see {@link StateRounds}.
 *
 * Units cannot be done apart: all who do the work at the same time share memory.
 */
export class StateUnits implements UnitSearch {
  readonly budget: number;
  readonly isOne = true;
  readonly #scenario: Scenario;
  readonly #options: UnitOptions;
  #lane: StateLane | undefined;
  #whole: WholeUnits | undefined;

  constructor(scenario: Scenario, options: UnitOptions) {
    this.#scenario = scenario;
    this.#options = options;
    this.budget = options.limits.executions;
  }

  /** @throws ExplorerError `ERR_OPTION` where several cannot do it together */
  plan(cutting: Cutting): readonly PlannedUnit[] {
    if (cutting !== 'rounds') return this.#everything.plan();
    return [{ work: this.#shape() satisfies SearchShape, weight: 1 }];
  }

  perform(
    work: unknown,
    before: readonly unknown[],
    onExecution: (counts: PassCounts) => void,
  ): UnitOutcome<LaneReport | number | WholeValue> {
    const asked = work as LaneWork;
    if (asked === 'everything') {
      this.#giveBackLane();
      return this.#everything.perform(asked, before, onExecution);
    }
    if ('search' in asked) return { value: this.#search(asked.search, onExecution) };
    const { shape, memory, edges } = asked;
    return { value: unendingStates(new SharedStore(shape.keyWords, memory.states), edges) };
  }

  merge(values: readonly unknown[]): PassResult {
    return this.#everything.merge(values);
  }

  giveBack(): void {
    this.#giveBackLane();
    this.#whole?.giveBack();
  }

  #giveBackLane(): void {
    this.#lane?.giveBack();
    this.#lane = undefined;
  }

  #search(round: LaneRound, onExecution: (counts: PassCounts) => void): LaneReport {
    try {
      const { machine, limits, settings } = this.#options;
      const { fingerprint: identity } = settings;
      const options: LaneOptions = { machine, limits, identity };
      if (this.#lane?.pass !== round.pass.number) {
        this.#giveBackLane();
        this.#lane = new StateLane(this.#scenario, options, round);
      }
      return this.#lane.run(round, onExecution);
    } catch (error) {
      if (error instanceof Unsuitable) return NO_LANE;
      throw error;
    }
  }

  #shape(): SearchShape {
    const { machine, settings, limits } = this.#options;
    if (settings.symmetry)
      throw refused('a search of states without symmetry for several workers', 'one with it');
    const probe = new MachineProbe(this.#scenario, machine);
    try {
      const { preemptions, delays } = limits;
      const isKept =
        probe.isSuitable &&
        probe.machine.shadow === undefined &&
        preemptions === Infinity &&
        delays === Infinity;
      if (!isKept) throw refused('a scenario whose states can be kept', `"${this.#scenario.name}"`);
      const { threads } = probe.begin().layout;
      const { length } = new StateKey(settings.fingerprint, threads).words;
      return { keyWords: length, stateWords: stateWords(threads) };
    } finally {
      probe.giveBack();
    }
  }

  get #everything(): WholeUnits {
    const { machine, settings, limits } = this.#options;
    const { fingerprint: identity, reduce, symmetry } = settings;
    const search = (): StateSearch =>
      new StateSearch(this.#scenario, { identity, reduce, symmetry, machine });
    return (this.#whole ??= new WholeUnits(search(), limits));
  }
}

function refused(expected: string, got: string): ExplorerError {
  return new ExplorerError('ERR_OPTION', `expected ${expected}, got ${got}`);
}
