import type { FinalState } from '../litmus/final-state.js';
import { check } from '../search/check.js';
import { lkmmScenario } from './lkmm-scenario.js';
import type { LkmmEnds } from './lkmm-scenario.js';
import type { LoadedLkmm } from './load-lkmm.js';
import type { RcuBackend } from './rcu-port.js';

/** What a search of the states of a C test found out. */
export interface LkmmStates {
  readonly reached: ReadonlyMap<string, FinalState>;
  /** Whether all states were taken. */
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
 * @returns undefined where a thread does what it must not, or cannot go on: executions have to tell how that comes
 */
export function searchLkmmStates(
  loaded: LoadedLkmm,
  backend: RcuBackend,
  most: number,
): LkmmStates | undefined {
  const ends: LkmmEnds = { reached: new Map(), misuses: [] };
  const { outcome, blocked, executions, states, finding } = check(
    lkmmScenario(loaded, backend, ends),
    {
      search: 'states',
      reduce: true,
      kernelEvents: 0,
      executions: Math.min(most, MOST_EXECUTIONS),
    },
  );
  const isWrong = ends.misuses.some((misuses) => misuses.length > 0);
  if (blocked > 0 || isWrong || finding !== undefined) return undefined;
  return { reached: ends.reached, complete: outcome === 'holds', executions, states };
}
