import type { Finding } from '../../finding.js';
import type { PassCounts, PassResult } from '../exhaustive-pass.js';
import { FingerprintSet } from '../fingerprint-set.js';
import type { HeldValues } from '../spin/word-values.js';
import type { SearchUnit } from './search-unit.js';

/** Counts of a search by classes. */
export interface ClassCounts extends PassCounts {
  /** Executions that were given up, or that came to a class which was met before. */
  readonly redundant: number;
}

/** What a search by classes found out. */
export interface ClassResult extends ClassCounts, PassResult {}

/** What one unit came to; plain data. */
export interface UnitResult {
  readonly end: PassResult['end'];
  readonly executions: number;
  /** Classes that no other unit can come to. */
  readonly ownClasses: number;
  /** Fingerprints, two words each, of classes that other units may come to as well. */
  readonly fingerprints: readonly number[];
  readonly blocked: number;
  /** Executions that were given up, or came to a class that the unit had met before. */
  readonly redundant: number;
  readonly kernelEvents: number;
  readonly finding?: Finding;
  /** The decisions of the failing execution. */
  readonly decisions?: readonly number[];
  /** What is left, of a unit that was too long. */
  readonly rest?: readonly PlannedPart[];
  /** What words have held by which it was told in how many reads threads go round. */
  readonly held: HeldValues;
  /** Whether any of these showed a round to be longer than its reads look. */
  readonly isByValues: boolean;
}

/** What a unit left over. */
export interface PlannedPart {
  readonly unit: SearchUnit;
  /** Share of the unit that it is expected to be. */
  readonly share: number;
}

/**
 * Puts the results of all units of a plan together: the same as the result of one search.
 *
 * The order is that of the plan, so that of several findings always the same one is told; a pool
 * that stops at a finding has to wait for the units before. A unit without a result makes it
 * `gave-up`, unless something was found.
 */
export function mergeUnits(results: readonly (UnitResult | undefined)[]): ClassResult {
  const seen = new FingerprintSet();
  let executions = 0;
  let own = 0;
  let blocked = 0;
  let redundant = 0;
  let kernelEvents = 0;
  for (const result of results) {
    if (result === undefined) continue;
    executions += result.executions;
    own += result.ownClasses;
    blocked += result.blocked;
    redundant += result.redundant;
    kernelEvents = Math.max(kernelEvents, result.kernelEvents);
    const { fingerprints } = result;
    for (let i = 0; i < fingerprints.length; i += 2)
      if (!seen.add(fingerprints[i]!, fingerprints[i + 1]!)) redundant += 1;
  }
  const counts = { executions, classes: own + seen.size, blocked, redundant, states: 0 };
  const failing = results.find((result) => result?.finding !== undefined);
  if (failing?.finding !== undefined)
    return {
      end: 'finding',
      finding: failing.finding,
      decisions: Uint32Array.from(failing.decisions ?? []),
      ...counts,
      kernelEvents: failing.kernelEvents,
    };
  return { end: endOf(results), ...counts, kernelEvents };
}

function endOf(results: readonly (UnitResult | undefined)[]): PassResult['end'] {
  if (results.length === 0) return 'gave-up';
  let end: PassResult['end'] = 'all';
  for (const result of results) {
    if (result === undefined || result.end === 'gave-up') return 'gave-up';
    if (result.end === 'bounded') end = 'bounded';
  }
  return end;
}
