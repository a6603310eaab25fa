import type { Scenario } from '../../scenario.js';
import { preparedCheck, resultOf } from '../check.js';
import type { CheckOptions, CheckResult } from '../check.js';
import type { Claims } from '../claims.js';
import type { PassCounts } from '../exhaustive-pass.js';
import type { PlannedUnit, UnitOutcome, UnitWork } from './search-plan.js';
import type { Cutting, UnitSearch } from './unit-search.js';
import { WholeUnits } from './whole-units.js';

/** A check cut into units; see {@link check} for what it comes to. */
export interface CheckUnits {
  /**
   * Cuts the check into units.
   *
   * @param cutting - how; default `units`
   * @throws ExplorerError `ERR_OPTION` when that takes a bound on kernel events
   */
  plan(cutting?: Cutting): readonly PlannedUnit[];
  /**
   * Does a unit; `onExecution` is called after every execution with the counts of this unit.
   *
   * @param before - values of all units before it, for one that waits for them
   */
  perform(
    work: UnitWork,
    before: readonly unknown[],
    onExecution: (counts: PassCounts) => void,
  ): UnitOutcome;
  /** Takes note of what units came to that were done before, so that others need not do it again. */
  recall(values: readonly unknown[]): void;
  /**
   * Puts the values of units together, in the order of the plan; behind it no unit is done here, and the scenario's
   * machines are free for others.
   */
  merge(values: readonly unknown[]): CheckResult;
  /** Most that units may cost; behind the one that exceeds it nothing counts. */
  readonly budget: number;
  /** Whether it can be cut at all: otherwise there is one unit, of everything. */
  readonly canBeCut: boolean;
  /** Whether it can be cut into rounds, see {@link StateRounds}. */
  readonly hasRounds: boolean;
}

/**
 * Cuts a check into units that can be done in any order and at any place, with the same result.
 *
 * The result is the same whoever does which unit when. Units of a search for graphs with kernel events or under `weak`
 * leave states to each other: those who do them at the same time save work where they share claims.
 *
 * @param claims - what is shared by all who do units of this check, and by nobody else
 * @throws as {@link check} does
 */
export function checkUnits(
  scenario: Scenario,
  options: CheckOptions = {},
  claims?: Claims,
): CheckUnits {
  const prepared = preparedCheck(scenario, options);
  const { strategy, settings, limits } = prepared;
  const machine = options.machine ?? {};
  const cut = strategy.units?.(scenario, { ...prepared, machine, claims });
  const units: UnitSearch =
    cut ?? new WholeUnits(strategy.create(scenario, machine, settings), limits);
  return {
    plan: (cutting = 'units') => units.plan(cutting),
    perform: (work, before, onExecution) => units.perform(work, before, onExecution),
    recall: (values) => units.recall?.(values),
    merge(values) {
      const pass = units.merge(values);
      units.giveBack?.();
      return resultOf(scenario, options, pass, limits);
    },
    budget: units.budget,
    canBeCut: cut !== undefined && cut.isOne !== true,
    hasRounds: cut?.isOne === true,
  };
}
