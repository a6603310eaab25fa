import { compareLkmm, compareOutcome } from '@rseqlab/explorer';
import type { ExpectedOutcome, LitmusModel, OutcomeDifference } from '@rseqlab/explorer';
import type { ExpectedTable } from './expected-table.js';
import type { TriedTest } from './tried-test.js';

/** What a test came to, as `--json` prints it. */
export interface JudgedTest extends TriedTest {
  /** What the table states; of a C test, also what only the kernel's memory model says. */
  readonly expected?: ExpectedOutcome;
  /** Whether it agrees with that. */
  readonly agrees?: boolean;
}

/** A test with how it differs from its table, if it has one. */
export interface LitmusRow {
  readonly test: JudgedTest;
  readonly difference?: OutcomeDifference;
}

/**
 * Compares what a test came to with a table.
 *
 * @param model - whose columns count; undefined where only the kernel's memory model does
 */
export function judgeTest(
  test: TriedTest,
  model: LitmusModel | undefined,
  table: ExpectedTable | undefined,
): LitmusRow {
  const row = table?.rowOf(test.file);
  const outcome = model && row?.outcomes[model];
  const lkmm = test.dialect === 'C' ? row?.lkmm : undefined;
  const expected = outcome ?? (lkmm === undefined ? undefined : { verdict: lkmm });
  if (expected === undefined) return { test };
  const difference =
    test.dialect === 'C'
      ? compareLkmm(test, {
          ...(outcome !== undefined && { outcome }),
          ...(lkmm !== undefined && { lkmm }),
        })
      : compareOutcome(test, expected);
  return { test: { ...test, expected, agrees: difference.agrees }, difference };
}

/** A test that disagrees with its table; without a table, one that deadlocks or breaks a rule. */
export function isFinding({ agrees, deadlock, misuses }: JudgedTest): boolean {
  return agrees === undefined ? (deadlock ?? misuses) !== undefined : !agrees;
}
