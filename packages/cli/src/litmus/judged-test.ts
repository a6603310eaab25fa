import { Verdict, compareLkmm, compareOutcome } from '@rseqlab/explorer';
import type {
  ExpectedOutcome,
  LitmusModel,
  OutcomeDifference,
  StatedVerdict,
} from '@rseqlab/explorer';
import type { ExpectedTable } from './expected-table.js';
import type { TriedTest } from './tried-test.js';

/** What nobody knows who did not take every interleaving: that something is never there, or always. */
export const UNKNOWN = 'UNKNOWN';

/** What a test came to, as `--json` prints it. */
export interface JudgedTest extends Omit<TriedTest, 'verdict'> {
  readonly verdict: StatedVerdict | typeof UNKNOWN;
  /** False when a bound was reached before every execution was made. */
  readonly complete?: false;
  /** What the table states; of a C test, also what only the kernel's memory model says. */
  readonly expected?: ExpectedOutcome;
  /** Whether it agrees with that; absent where that is not known. */
  readonly agrees?: boolean;
}

/** A test with how it differs from its table, if it has one. */
export interface LitmusRow {
  readonly test: JudgedTest;
  readonly difference?: OutcomeDifference;
}

/** Whose columns of a table count. */
export interface JudgeOptions {
  /** Undefined where only the kernel's memory model does. */
  readonly model: LitmusModel | undefined;
  readonly table: ExpectedTable | undefined;
}

/**
 * Compares what a test came to with a table.
 *
 * @param complete - whether every execution was made
 */
export function judgeTest(
  tried: TriedTest,
  complete: boolean,
  { model, table }: JudgeOptions,
): LitmusRow {
  const test: JudgedTest = complete
    ? tried
    : { ...tried, verdict: seenSoFar(tried.verdict), complete };
  const row = table?.rowOf(tried.file);
  const outcome = model && row?.outcomes[model];
  const lkmm = tried.dialect === 'C' ? row?.lkmm : undefined;
  const expected = outcome ?? (lkmm === undefined ? undefined : { verdict: lkmm });
  if (expected === undefined) return { test };
  const difference =
    tried.dialect === 'C'
      ? compareLkmm(tried, {
          ...(outcome !== undefined && { outcome }),
          ...(lkmm !== undefined && { lkmm }),
        })
      : compareOutcome(tried, expected);
  if (complete) return { test: { ...test, expected, agrees: difference.agrees }, difference };
  return judgeSoFar({ ...test, expected }, difference);
}

/** What was seen is there, whatever comes; a state that was not reached yet may still be. */
function judgeSoFar(
  test: JudgedTest & { readonly expected: ExpectedOutcome },
  { agrees, unexpected }: OutcomeDifference,
): LitmusRow {
  const { verdict, expected } = test;
  const difference = { agrees: false, missing: [], unexpected };
  if (unexpected.length > 0) return { test: { ...test, agrees: false }, difference };
  // Deadlocks and broken rules come before what the states say.
  const mayChange =
    verdict === UNKNOWN || (isOverStates(verdict) && !isOverStates(expected.verdict));
  if (mayChange) return { test };
  if (isOverStates(verdict)) {
    const isSeen = verdict === expected.verdict;
    // Of the states that are stated some are missing so far.
    if (isSeen && !agrees) return { test };
    return { test: { ...test, agrees: isSeen }, ...(!isSeen && { difference }) };
  }
  return { test: { ...test, agrees }, ...(!agrees && { difference }) };
}

function seenSoFar(verdict: StatedVerdict): JudgedTest['verdict'] {
  return verdict === Verdict.Never || verdict === Verdict.Always ? UNKNOWN : verdict;
}

function isOverStates(verdict: StatedVerdict): boolean {
  return Object.values(Verdict).some((over) => over === verdict);
}

/** A test that disagrees with its table; without a table, one that deadlocks or breaks a rule. */
export function isFinding({ agrees, expected, deadlock, misuses }: JudgedTest): boolean {
  if (agrees !== undefined) return !agrees;
  return expected === undefined && (deadlock ?? misuses) !== undefined;
}
