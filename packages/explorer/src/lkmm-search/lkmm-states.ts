import { check } from '../search/check.js';
import { LkmmEnds } from './lkmm-ends.js';
import { lkmmScenario } from './lkmm-scenario.js';
import type { LkmmScenarioPlace } from './lkmm-scenario.js';
import type { LkmmSeen } from './lkmm-seen.js';
import type { LoadedLkmm } from './load-lkmm.js';
import type { RcuBackend } from './rcu-port.js';

/** What a search found out about a C test. */
export interface SearchedLkmm {
  readonly seen: LkmmSeen;
  /** Whether nothing was left out. */
  readonly complete: boolean;
  readonly executions: number;
  readonly states: number;
}

/** Executions of the largest search whose states fit into memory, a few hundred bytes for each. */
const MOST_EXECUTIONS = 3_000_000;

/**
 * Takes every state of a C test under `sc`, without executing it again for each.
 *
 * @param most executions after which it gives up
 * @returns with `isWrong` where an execution does not end, at which it stops, or a thread does what it must not
 */
export function searchLkmmStates(
  loaded: LoadedLkmm,
  backend: RcuBackend,
  machines: LkmmScenarioPlace['machines'],
  most: number,
): SearchedLkmm & { readonly isWrong: boolean } {
  const ends = new LkmmEnds();
  const made = lkmmScenario(loaded, backend, ends, { memory: 'sc', machines });
  const { outcome, executions, states, finding } = check(made, {
    search: 'states',
    reduce: true,
    kernelEvents: 0,
    executions: Math.min(most, MOST_EXECUTIONS),
  });
  const seen = ends.seen(finding);
  const isWrong = finding !== undefined || seen.misuses.length > 0;
  return { seen, isWrong, complete: outcome === 'holds', executions, states };
}
