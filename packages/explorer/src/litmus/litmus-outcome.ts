import type { ExpectedOutcome } from './expected-result.js';
import { formatFinalStates, type FinalState } from './final-state.js';
import type { LitmusQuestion } from './litmus-question.js';
import { passesFilter } from './satisfies.js';
import { verdictOf, type Verdict } from './verdict.js';

/** What came out of a test under one memory model. */
export interface LitmusOutcome {
  readonly verdict: Verdict;
  /** All final states, sorted and written as herd writes them. */
  readonly states: readonly string[];
}

/** How an outcome differs from what was expected. */
export interface OutcomeDifference {
  /** Whether the verdict is the expected one, and the set of states where one is stated. */
  readonly agrees: boolean;
  /** Expected states that were not reached. */
  readonly missing: readonly string[];
  /** States that were reached and not expected. */
  readonly unexpected: readonly string[];
}

/**
 * The outcome of a test whose complete set of final states is given, in any order; those that its
 * filter leaves out do not count.
 */
export function litmusOutcome(test: LitmusQuestion, states: Iterable<FinalState>): LitmusOutcome {
  const reached = [...states].filter(passesFilter(test));
  return { verdict: verdictOf(test, reached), states: formatFinalStates(test, reached) };
}

/** Compares an outcome with what a table states; states that it does not state are not compared. */
export function compareOutcome(
  outcome: Pick<ExpectedOutcome, 'verdict'> & Pick<LitmusOutcome, 'states'>,
  expected: ExpectedOutcome,
): OutcomeDifference {
  const wanted = expected.states ?? outcome.states;
  const missing = wanted.filter((state) => !outcome.states.includes(state));
  const unexpected = outcome.states.filter((state) => !wanted.includes(state));
  const sameStates = missing.length === 0 && unexpected.length === 0;
  return { agrees: sameStates && outcome.verdict === expected.verdict, missing, unexpected };
}
