import type { LitmusQuestion } from './litmus-question.js';
import { compareValues, type LitmusValue } from './litmus-value.js';
import { observableKey } from './observable.js';

/** One outcome of a test: entry `i` is the value of `test.observed[i]`. */
export type FinalState = readonly LitmusValue[];

/**
 * Orders final states as expected tables do: by the first value that differs.
 *
 * @returns negative, zero or positive, as a comparison function does
 */
function compareFinalStates(left: FinalState, right: FinalState): number {
  for (let index = 0; index < left.length; index++) {
    const order = compareValues(left[index]!, right[index]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** Writes a final state as herd does: `0:rax=1; [x]=2;`. */
function formatFinalState(test: LitmusQuestion, state: FinalState): string {
  return test.observed
    .map((observable, index) => `${observableKey(observable)}=${state[index]!};`)
    .join(' ');
}

/** Writes a set of final states, sorted, each once however often it was reached. */
export function formatFinalStates(
  test: LitmusQuestion,
  states: Iterable<FinalState>,
): readonly string[] {
  const sorted = [...states].sort(compareFinalStates);
  return [...new Set(sorted.map((state) => formatFinalState(test, state)))];
}
