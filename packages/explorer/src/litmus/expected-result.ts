import type { StatedVerdict } from './stated-verdict.js';

/** The memory models that an expected table can speak of. */
export const LITMUS_MODELS = ['sc', 'tso', 'pso', 'weak'] as const;

/** A memory model by its name in an expected table. */
export type LitmusModel = (typeof LITMUS_MODELS)[number];

/** What a table states about one test under one model. */
export interface ExpectedOutcome {
  readonly verdict: StatedVerdict;
  /** All final states, sorted and written as herd writes them; undefined where not stated. */
  readonly states?: readonly string[];
}

/** One row of an expected table. */
export interface ExpectedResult {
  /** The test's path relative to the table's folder, with `/` between its parts. */
  readonly file: string;
  /** Per model; a model that the table does not speak of is absent. */
  readonly outcomes: Readonly<Partial<Record<LitmusModel, ExpectedOutcome>>>;
  /**
   * What the Linux kernel memory model says. Any memory model here is stronger, so that what it
   * allows need not be seen.
   */
  readonly lkmm?: StatedVerdict;
}
