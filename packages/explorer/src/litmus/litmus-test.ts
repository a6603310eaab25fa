import type { LitmusInstruction } from './litmus-instruction.js';
import type { LitmusValue } from './litmus-value.js';
import { observableKey, type Observable } from './observable.js';
import type { Proposition } from './proposition.js';
import type { SourcePosition } from './source-text.js';

/** One entry of the init block: a declaration, an initial value, or both at once. */
export interface InitialItem {
  readonly observable: Observable;
  /** The declared type as written; it does not change what the test means. */
  readonly type?: string;
  /** The initial value, if one is written. */
  readonly value?: LitmusValue;
}

/** An instruction of a thread, with its text and place for reports. */
export interface PlacedInstruction {
  readonly instruction: LitmusInstruction;
  /** The instruction as written. */
  readonly text: string;
  readonly position: SourcePosition;
}

/** One column of the program. */
export interface LitmusThread {
  readonly instructions: readonly PlacedInstruction[];
  /** Label to the index of the instruction it stands before; the end's is the number of them. */
  readonly labels: ReadonlyMap<string, number>;
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

/** A parsed litmus test. */
export interface LitmusTest {
  /** The name the text was given under. */
  readonly file: string;
  /** The test's own name, from its first line. */
  readonly name: string;
  /** The quoted line under the name, if there is one. */
  readonly doc?: string;
  /** The `Key=Value` lines, the last one of a key. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly initial: readonly InitialItem[];
  /** The threads; P0 is the first. */
  readonly threads: readonly LitmusThread[];
  /** Every location that the test names anywhere, by name. */
  readonly locations: readonly string[];
  readonly condition: LitmusCondition;
  /** What a final state consists of: all that the condition and `locations [...]` name, in order. */
  readonly observed: readonly Observable[];
}

/** The value that a register or location starts with; 0 unless the init block says otherwise. */
export function initialValue(test: LitmusTest, observable: Observable): LitmusValue {
  const key = observableKey(observable);
  const item = test.initial.find(
    ({ observable: candidate, value }) => value !== undefined && observableKey(candidate) === key,
  );
  return item?.value ?? 0;
}
