import { check, recordRun, shrinkRun } from '@rseqlab/explorer';
import type { CheckResult, Finding, RecordedDecisions, SearchName } from '@rseqlab/explorer';
import { decodeToken, digest, encodeToken } from '@rseqlab/sim-machine';
import type { KnownBug } from './known-bug.js';

/** How searches schedule. */
const SEARCHED = { scheduling: 'free', granularity: 'access' } as const;

/** How a bug is hunted. */
export interface HuntOptions {
  readonly search: SearchName;
  /** Whether the bug is there; default true. */
  readonly isBroken?: boolean;
  readonly seed?: number;
  readonly executions?: number;
}

/**
 * Looks for a bug. Samples, and searches of the correct twin, have as many kernel events as the bug
 * needs; the exhaustive search of the bug is not told how many.
 */
export function hunt(bug: KnownBug, { isBroken = true, ...options }: HuntOptions): CheckResult {
  const isTold = !isBroken || options.search !== 'states';
  return check(bug.scenario(isBroken), {
    ...options,
    ...(isTold && { kernelEvents: bug.kernelEvents }),
  });
}

/** A failing run of a bug, as simple as could be made. */
export interface ShrunkBug {
  readonly token: string;
  readonly decisions: number;
  readonly kernelEvents: number;
}

/** Shrinks what a hunt found. */
export function shrunkBug(bug: KnownBug, { decisions }: CheckResult): ShrunkBug {
  const shrunk = shrinkRun(bug.scenario(true), { ...SEARCHED, decisions: decisions! })!;
  const { recorded, cost } = shrunk;
  return {
    token: encodeToken({ scenario: bug.name, fingerprint: digest(bug.name), ...recorded }),
    decisions: recorded.decisions.length,
    kernelEvents: cost.kernelEvents,
  };
}

/** Makes the run of a token again. */
export function replayed(bug: KnownBug, token: string): Finding | undefined {
  const recorded: RecordedDecisions = decodeToken(token);
  return recordRun(bug.scenario(true), recorded).finding;
}
