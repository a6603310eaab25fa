import type { PlanIdentity } from './plan-identity.js';

/** What a unit is to do: JSON data, which the strategy that made the plan understands. */
export type UnitWork = unknown;

/** A unit as a plan or another unit names it. */
export interface PlannedUnit {
  readonly work: UnitWork;
  /**
   * Share that it is expected to be, between 0 and 1: of the whole, or of the unit that left it over.
   */
  readonly weight: number;
  /** It is done when all before it are, and told their values: it plans what follows from them. */
  readonly waits?: boolean;
}

/** What came of a unit. */
export interface UnitOutcome<Value = unknown> {
  /** JSON data, which the strategy puts together with that of the other units. */
  readonly value: Value;
  /** What the unit left over, with its share of the unit's own weight. */
  readonly rest?: readonly PlannedUnit[];
  /** How much of the budget of the whole it took. */
  readonly cost?: number;
  /** Nothing that comes later in the plan matters: the search ends here. */
  readonly ends?: boolean;
}

/**
 * Work cut into units that can be done in any order and at any place.
 *
 * Whoever makes the same plan twice gets the same units; what a unit comes to follows from its work
 * alone. So the results of all units are the same wherever they were done.
 */
export interface SearchPlan {
  readonly identity: PlanIdentity;
  readonly units: readonly PlannedUnit[];
}

/** Units of equal weight. */
export function equalUnits(works: readonly UnitWork[]): readonly PlannedUnit[] {
  return works.map((work) => ({ work, weight: 1 / works.length }));
}
