import { ExplorerError } from '../../explorer-error.js';
import { requireIdentity } from './plan-identity.js';
import type { SavedResults } from './plan-text.js';
import type { SearchPlan } from './search-plan.js';
import { placeUnits } from './shard.js';
import { UnitLedger } from './unit-ledger.js';
import { comparePaths } from './unit-path.js';

/**
 * Puts results of shards together; whether they are all there is for the ledger to say.
 *
 * @throws ExplorerError `ERR_PLAN` when a file holds no results, results of another plan, or of a
 *   unit that another file has, too
 */
export function mergeResults(
  plan: SearchPlan,
  files: readonly SavedResults[],
  what: string,
): UnitLedger {
  const ledger = new UnitLedger(placeUnits(plan.units));
  for (const { identity, results } of files) {
    requireIdentity(identity, plan.identity, what);
    if (results.length === 0)
      throw new ExplorerError('ERR_PLAN', `expected a ${what} with results, got one without`);
  }
  const all = files.flatMap(({ results }) => results);
  for (const result of all.sort((a, b) => comparePaths(a.path, b.path))) ledger.add(result);
  return ledger;
}
