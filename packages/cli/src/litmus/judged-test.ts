import { compareOutcome } from '@rseqlab/explorer';
import type { ExpectedOutcome, LitmusModel, OutcomeDifference } from '@rseqlab/explorer';
import type { ExpectedTable } from './expected-table.js';
import type { TriedTest } from './tried-test.js';

/** What a test came to, as `--json` prints it. */
export interface JudgedTest extends TriedTest {
  /** What the table states. */
  readonly expected?: ExpectedOutcome;
  /** Whether it agrees with that. */
  readonly agrees?: boolean;
}

/** A test with how it differs from its table, if it has one. */
export interface LitmusRow {
  readonly test: JudgedTest;
  readonly difference?: OutcomeDifference;
}

/** Compares what a test came to with a table. */
export function judgeTest(
  test: TriedTest,
  model: LitmusModel,
  table: ExpectedTable | undefined,
): LitmusRow {
  const expected = table?.outcomeOf(test.file, model);
  if (expected === undefined) return { test };
  const difference = compareOutcome(test, expected);
  return { test: { ...test, expected, agrees: difference.agrees }, difference };
}
