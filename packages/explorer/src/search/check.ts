import type { MachineConfig } from '@rseqlab/sim-machine';
import type { Finding } from '../finding.js';
import type { Scenario } from '../scenario.js';
import { recordRun } from '../trace/record-run.js';
import { limitsOf } from './check-limits.js';
import { ExhaustiveSearch } from './exhaustive-pass.js';
import type { PassCounts, PassResult } from './exhaustive-pass.js';

/** How far a check goes. */
export interface CheckOptions {
  /** Most kernel events on one path; default as many as there can be. */
  readonly kernelEvents?: number;
  /** Most executions of one pass before the answer is `unknown`; default 1,000,000. */
  readonly executions?: number;
  /** Most decisions of one execution; default 100,000. */
  readonly decisions?: number;
  /** Replaces parts of the scenario's machine. */
  readonly machine?: MachineConfig;
  /** Called after every execution with the counts of the pass so far. */
  readonly onProgress?: (counts: PassCounts) => void;
}

/** The answer of a check. */
export interface CheckResult extends PassCounts {
  /** `unknown`: a bound was reached before every path was taken, and nothing was found so far. */
  readonly outcome: 'holds' | 'fails' | 'unknown';
  /**
   * Of a failure: the least number of kernel events with which any execution fails. Of another
   * answer: the most that were on any path.
   */
  readonly kernelEvents: number;
  /** What was found, on a path with the least number of kernel events. */
  readonly finding?: Finding;
  /** The decisions that lead to the finding. */
  readonly decisions?: Uint32Array;
  /** Why the answer is unknown. */
  readonly reason?: string;
}

/**
 * Checks a scenario in every interleaving.
 *
 * Paths with few kernel events come first, so that a finding needs as few as any can.
 *
 * @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built; ExplorerError
 *   `ERR_SCENARIO` when the scenario's own code throws, `ERR_OPTION` for a limit out of its range
 */
export function check(scenario: Scenario, options: CheckOptions = {}): CheckResult {
  const limits = limitsOf(options);
  const search = new ExhaustiveSearch(scenario, options.machine);
  const pass = search.run(limits, options.onProgress);
  const counts = countsOf(pass);
  switch (pass.end) {
    case 'all':
      return { outcome: 'holds', ...counts };
    case 'bounded':
      return {
        outcome: 'unknown',
        reason: `the bound of ${limits.kernelEvents} kernel events`,
        ...counts,
      };
    case 'gave-up':
      return { outcome: 'unknown', reason: 'the limit on executions or decisions', ...counts };
    case 'finding':
      return {
        outcome: 'fails',
        ...counts,
        ...(pass.finding && { finding: explained(scenario, options, pass) ?? pass.finding }),
        ...(pass.decisions === undefined ? {} : { decisions: pass.decisions }),
      };
  }
}

/** The finding as the recorded run explains it. */
function explained(
  scenario: Scenario,
  { machine }: CheckOptions,
  { decisions }: PassResult,
): Finding | undefined {
  if (decisions === undefined) return undefined;
  const recorded = { decisions, scheduling: 'free', granularity: 'access' } as const;
  return recordRun(scenario, recorded, machine && { machine }).finding;
}

function countsOf({ executions, classes, blocked, states, kernelEvents }: PassCounts): PassCounts {
  return { executions, classes, blocked, states, kernelEvents };
}
