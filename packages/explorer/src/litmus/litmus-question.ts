import type { LitmusValue } from './litmus-value.js';
import { observableKey, type Observable } from './observable.js';
import type { Proposition } from './proposition.js';

/** One entry of the init block: a declaration, an initial value, or both at once. */
export interface InitialItem {
  readonly observable: Observable;
  /** The declared type as written; it does not change what the test means. */
  readonly type?: string;
  /** The initial value, if one is written. */
  readonly value?: LitmusValue;
}

/**
 * What the condition claims of the final states: `exists` one, `not-exists` one, or `forall`
 * satisfy the proposition.
 */
export type Quantifier = 'exists' | 'not-exists' | 'forall';

/** The condition at the end of a test. */
export interface LitmusCondition {
  readonly quantifier: Quantifier;
  readonly proposition: Proposition;
}

/** What a litmus test of any dialect asks: everything but its threads. */
export interface LitmusQuestion {
  /** The name the text was given under. */
  readonly file: string;
  /** The test's own name, from its first line. */
  readonly name: string;
  /** The quoted line under the name, if there is one. */
  readonly doc?: string;
  /** The `Key=Value` lines, the last one of a key. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly initial: readonly InitialItem[];
  /** Every location that the test names anywhere, by name. */
  readonly locations: readonly string[];
  /** What a final state has to satisfy to count at all; absent where every one counts. */
  readonly filter?: Proposition;
  readonly condition: LitmusCondition;
  /**
   * What a final state consists of: all that condition, filter and `locations [...]` name, in order.
   */
  readonly observed: readonly Observable[];
}

/** The value that a register or location starts with; 0 unless the init block says otherwise. */
export function initialValue(test: LitmusQuestion, observable: Observable): LitmusValue {
  const key = observableKey(observable);
  const item = test.initial.find(
    ({ observable: candidate, value }) => value !== undefined && observableKey(candidate) === key,
  );
  return item?.value ?? 0;
}
