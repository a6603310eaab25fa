import type { PassCounts, PassResult } from '../exhaustive-pass.js';
import type { PlannedUnit, UnitOutcome, UnitWork } from './search-plan.js';

/**
 * How a search is cut: not at all, if it needs not be; into units, of which some may wait for others or
 * leave others over; into all of them ahead, so that none waits; or into rounds, in which all who do
 * the work share memory.
 */
export type Cutting = 'whole' | 'units' | 'ahead' | 'rounds';

/**
 * A search cut into units.
 *
 * Whoever makes one of the same scenario with the same options gets the same units, and the same
 * outcome of each; so they can be done anywhere, and come to the same result.
 */
export interface UnitSearch {
  /** Cuts the search into units. */
  plan(cutting: Cutting): readonly PlannedUnit[];
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
  /**
   * Takes note of what units before came to, where that saves others from doing it again; absent where
   * units need nothing of each other.
   */
  recall?(values: readonly unknown[]): void;
  /** Whether it is one unit, unless it is cut into rounds; default not. */
  readonly isOne?: boolean;
  /** Puts the values of units together, in the order of the plan: the result of the whole search. */
  merge(values: readonly unknown[]): PassResult;
  /** Most executions of all units: behind the one that exceeds them nothing counts. */
  readonly budget: number;
  /** Gives its machines back to the scenario's pool: it plans and does no more units. */
  giveBack?(): void;
}
