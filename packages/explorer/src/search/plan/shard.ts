import { ExplorerError } from '../../explorer-error.js';
import type { PlannedUnit } from './search-plan.js';
import type { PlacedUnit } from './unit-ledger.js';

/** All units of a plan with their places. */
export function placeUnits(units: readonly PlannedUnit[]): readonly PlacedUnit[] {
  return units.map((unit, index) => ({ ...unit, path: String(index) }));
}

/**
 * The units of one shard: every n-th, so that neighbours, which are often alike, are spread.
 *
 * @param index - 1 to `count`
 * @throws ExplorerError `ERR_PLAN` when there is no such shard, or it would be empty
 */
export function shardUnits(
  units: readonly PlannedUnit[],
  index: number,
  count: number,
): readonly PlacedUnit[] {
  if (!(Number.isInteger(count) && count >= 1 && count <= units.length))
    throw new ExplorerError(
      'ERR_PLAN',
      `expected 1 to ${units.length} shards, as the plan has ${units.length} units, got ${count}`,
    );
  if (!(Number.isInteger(index) && index >= 1 && index <= count))
    throw new ExplorerError('ERR_PLAN', `expected a shard from 1 to ${count}, got ${index}`);
  return placeUnits(units).filter((_unit, at) => at % count === index - 1);
}
