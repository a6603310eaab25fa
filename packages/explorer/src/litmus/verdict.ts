import type { FinalState } from './final-state.js';
import type { LitmusQuestion, Quantifier } from './litmus-question.js';
import { satisfies } from './satisfies.js';

/** How many of the final states satisfy a test's proposition: none, some or all. */
export const Verdict = { Never: 'Never', Sometimes: 'Sometimes', Always: 'Always' } as const;

/** One of the three verdicts. */
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/**
 * The verdict over all final states of a test.
 *
 * It counts states that satisfy the proposition, whatever the quantifier, as herd's `Observation`
 * line does: `~exists p` whose `p` is never seen is `Never`. Without a state it is `Never`.
 *
 * @source herdtools7, herd/top_herd.ml
 */
export function verdictOf(test: LitmusQuestion, states: Iterable<FinalState>): Verdict {
  let satisfying = 0;
  let count = 0;
  const holds = satisfies(test);
  for (const state of states) {
    count++;
    if (holds(state)) satisfying++;
  }
  if (satisfying === 0) return Verdict.Never;
  return satisfying === count ? Verdict.Always : Verdict.Sometimes;
}

/** Whether the verdict is what the quantifier claims: herd's `Ok`, otherwise its `No`. */
export function claimHolds(quantifier: Quantifier, verdict: Verdict): boolean {
  switch (quantifier) {
    case 'exists':
      return verdict !== Verdict.Never;
    case 'not-exists':
      return verdict === Verdict.Never;
    case 'forall':
      return verdict === Verdict.Always;
  }
}
