import type { PassCounts, PassLimits, PassResult } from './exhaustive-pass.js';
import type { Search } from './search-strategy.js';

/**
 * Passes with 0 kernel events, 1, 2, ... up to the limit, until one finds something, so that a finding
 * has the least number with which the search finds any.
 *
 * The limit on executions is for each pass. An exhaustive search ends when a pass took every path.
 */
export function deepen(
  search: Search,
  limits: PassLimits,
  onExecution?: (counts: PassCounts) => void,
): PassResult {
  let before = 0;
  for (let kernelEvents = 0; ; kernelEvents++) {
    const total = (counts: PassCounts): PassCounts => ({
      ...counts,
      executions: before + counts.executions,
    });
    const pass = search.run(
      { ...limits, kernelEvents },
      onExecution && ((counts): void => onExecution(total(counts))),
    );
    const goesOn = pass.end === 'bounded' || pass.end === 'sampled';
    if (!goesOn || kernelEvents >= limits.kernelEvents) return { ...pass, ...total(pass) };
    before += pass.executions;
  }
}
