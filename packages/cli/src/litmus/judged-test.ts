import { LitmusError, compareOutcome, parseLitmus } from '@rseqlab/explorer';
import type { ExpectedOutcome, LitmusSearch, OutcomeDifference, Verdict } from '@rseqlab/explorer';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ExpectedTable } from './expected-table.js';

/** What a test came to, as `--json` prints it. */
export interface JudgedTest {
  /** The path as given. */
  readonly file: string;
  /** The test's own name. */
  readonly name: string;
  readonly verdict: Verdict;
  /** All final states, sorted and written as in expected tables. */
  readonly states: readonly string[];
  /** What the table states. */
  readonly expected?: ExpectedOutcome;
  /** Whether it agrees with that. */
  readonly agrees?: boolean;
}

/** A test that was run, or a line that says why it could not be. */
export type Judgement =
  | {
      readonly test: JudgedTest;
      readonly difference?: OutcomeDifference;
      readonly complete: boolean;
    }
  | { readonly complaint: string };

/** Runs the test in a file and compares what comes out with a table. */
export function judgeFile(
  file: string,
  folder: string,
  search: LitmusSearch,
  table: ExpectedTable | undefined,
): Judgement {
  try {
    const test = parseLitmus(readFileSync(resolve(folder, file), 'utf8'), file);
    const { outcome, complete } = search.run(test);
    const judged = { file, name: test.name, ...outcome };
    const expected = table?.outcomeOf(file, search.model);
    if (expected === undefined) return { test: judged, complete };
    const difference = compareOutcome(outcome, expected);
    return { test: { ...judged, expected, agrees: difference.agrees }, difference, complete };
  } catch (error) {
    if (error instanceof LitmusError) return { complaint: error.message };
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return { complaint: `${file}: expected a readable file, got ${code}` };
  }
}
