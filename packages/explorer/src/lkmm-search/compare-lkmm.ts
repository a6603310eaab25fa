import type { ExpectedOutcome } from '../litmus/expected-result.js';
import { compareOutcome, type OutcomeDifference } from '../litmus/litmus-outcome.js';
import type { StatedVerdict } from '../litmus/stated-verdict.js';
import { Verdict } from '../litmus/verdict.js';
import type { LkmmMisuse } from './lkmm-finding.js';

/** What of an outcome is compared. */
export interface ComparedLkmm {
  readonly verdict: StatedVerdict;
  readonly states: readonly string[];
  readonly misuses?: readonly LkmmMisuse[];
}

/** What a table states about a C test under one memory model. */
export interface LkmmExpectation {
  /** Verdict and states under that very model. */
  readonly outcome?: ExpectedOutcome;
  /** What the Linux kernel memory model says. */
  readonly lkmm?: StatedVerdict;
}

/**
 * Compares what came out of a C test with what is stated of it.
 *
 * The Linux kernel memory model allows whatever any architecture does, and more. So what it says is
 * `Never` must not be seen, and what is `Always` must be seen each time; `Sometimes` agrees with any
 * final states. A deadlock or a broken rule has to be stated, by its name.
 */
export function compareLkmm(outcome: ComparedLkmm, expected: LkmmExpectation): OutcomeDifference {
  const none = { agrees: true, missing: [], unexpected: [] };
  const own = expected.outcome === undefined ? none : compareOutcome(outcome, expected.outcome);
  const agrees = expected.lkmm === undefined || agreesWithLkmm(outcome, expected.lkmm);
  return { ...own, agrees: own.agrees && agrees };
}

function agreesWithLkmm({ verdict, misuses = [] }: ComparedLkmm, stated: StatedVerdict): boolean {
  if (stated === Verdict.Sometimes) return Object.values(Verdict).some((over) => over === verdict);
  if (stated.startsWith('Flag ')) return misuses.some(({ flag }) => stated === `Flag ${flag}`);
  return verdict === stated;
}
