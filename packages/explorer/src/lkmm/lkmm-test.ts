import type { LitmusQuestion } from '../litmus/litmus-question.js';
import type { SourcePosition } from '../litmus/source-text.js';
import type { CStatement } from './c-statement.js';

/** What a location holds, as far as the type of a parameter says so. */
export type LocationKind = 'word' | 'lock' | 'srcu';

/** One function of a test. */
export interface LkmmThread {
  /** Where the function begins. */
  readonly position: SourcePosition;
  /** The locations that the parameters point to, by name. */
  readonly parameters: ReadonlyMap<string, LocationKind>;
  /** The function's variables, those among them that it does not declare included. */
  readonly variables: readonly string[];
  readonly body: readonly CStatement[];
}

/** A parsed litmus test of the C dialect, in the terms of the Linux kernel memory model. */
export interface LkmmTest extends LitmusQuestion {
  /** The threads; P0 is the first. */
  readonly threads: readonly LkmmThread[];
}
