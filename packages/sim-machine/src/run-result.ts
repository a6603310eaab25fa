import { MachineError } from './base/machine-error.js';

/** When to stop a run that does not end by itself. */
export interface RunLimits {
  /** Most decisions; default no limit. */
  readonly decisions?: number;
}

/** How a run ended, and its counts. */
export interface RunResult {
  /**
   * `finished`: every thread has exited. `stuck`: threads are left, and no thread can go on unless a
   * kernel event comes, which need not.
   * `limit`: a limit was reached. `stopped`: the director had no more decisions.
   */
  readonly outcome: 'finished' | 'stuck' | 'limit' | 'stopped';
  /** Instructions executed on all CPUs. */
  readonly steps: number;
  /** Simulated time: cycles of the CPU that is furthest ahead. */
  readonly cycles: number;
  /** Decisions made. */
  readonly decisions: number;
  /** Threads that have not exited. */
  readonly liveThreads: number;
}

/**
 * Most decisions of a run; Infinity where there is no limit.
 *
 * @throws MachineError `ERR_CONFIG` for a limit that is no number of decisions
 */
export function decisionLimit({ decisions = Infinity }: RunLimits): number {
  if (!(decisions >= 0))
    throw new MachineError(
      'ERR_CONFIG',
      `expected a limit of 0 decisions or more, got ${String(decisions)}`,
    );
  return decisions;
}
