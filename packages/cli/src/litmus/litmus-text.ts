import { misuseText, plural, waitText } from '@rseqlab/explorer';
import type { Paint } from '@rseqlab/explorer';
import Table from 'cli-table3';
import { UNKNOWN } from './judged-test.js';
import type { JudgedTest, LitmusRow } from './judged-test.js';

/** How results are printed. */
export interface LitmusStyle {
  readonly paint: Paint;
  /** As a table with a frame; otherwise a line a test, with tabs. */
  readonly isTable: boolean;
}

/** Writes the results of at least one test, then those that disagree in full, then a summary. */
export function litmusText(rows: readonly LitmusRow[], model: string, style: LitmusStyle): string {
  const { paint } = style;
  const judged = rows.filter(({ test }) => test.agrees !== undefined);
  const wrong = judged.filter(({ test }) => test.agrees === false);
  const against =
    judged.length === 0
      ? ''
      : wrong.length === 0
        ? paint.good(`, all ${judged.length} in the table agree with it`)
        : paint.bad(`, ${wrong.length} of ${judged.length} disagree with the table`);
  return [
    style.isTable ? framed(rows, paint) : lines(rows),
    ...wrong.flatMap((row) => differenceLines(row, paint)),
    ...rows.flatMap(({ test }) => findingLines(test)),
    ...sometimesLines(rows, model),
    `${plural(rows.length, 'litmus test')} under ${model}${against}${unknownText(rows)}`,
    '',
  ].join('\n');
}

/** How many tests reached a bound before it was known what they come to. */
function unknownText(rows: readonly LitmusRow[]): string {
  const count = rows.filter(({ test }) => test.verdict === UNKNOWN).length;
  return count === 0 ? '' : `, ${count} unknown`;
}

function framed(rows: readonly LitmusRow[], paint: Paint): string {
  const table = new Table({
    head: ['test', 'verdict', 'states', 'table'].map((title) => paint.heading(title)),
    colAligns: ['left', 'left', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { test } of rows)
    table.push([test.file, test.verdict, String(test.states.length), agreement(test, paint)]);
  return table.toString();
}

function lines(rows: readonly LitmusRow[]): string {
  return rows
    .map(({ test }) => {
      const { file, verdict, states, agrees } = test;
      const last = agrees === undefined ? [] : [agrees ? 'agrees' : 'DISAGREES'];
      return [file, verdict, plural(states.length, 'state'), ...last].join('\t');
    })
    .join('\n');
}

function agreement({ agrees }: JudgedTest, paint: Paint): string {
  if (agrees === undefined) return paint.dim('-');
  return agrees ? paint.good('agrees') : paint.bad('disagrees');
}

function differenceLines({ test, difference }: LitmusRow, paint: Paint): readonly string[] {
  const { file, verdict, expected } = test;
  return [
    `${paint.bad('disagrees')}: ${file}: expected ${expected?.verdict ?? '?'}, got ${verdict}`,
    ...(difference?.missing ?? []).map((state) => `  not reached:  ${state}`),
    ...(difference?.unexpected ?? []).map((state) => `  not expected: ${state}`),
  ];
}

/** Who waits for whom in a test that deadlocks, and the rules that one breaks. */
function findingLines({ file, deadlock, misuses = [] }: JudgedTest): readonly string[] {
  const cycle = deadlock?.cycle ?? [];
  return [
    ...(deadlock === undefined ? [] : [`deadlock: ${file}: ${cycle.join(' -> ') || 'no cycle'}`]),
    ...(deadlock?.waits ?? []).map((wait) => `  ${waitText(wait)}`),
    ...misuses.map((misuse) => `misuse: ${file}: ${misuseText(misuse)}`),
  ];
}

/** Which of the outcomes that the kernel's memory model allows are there under this one. */
function sometimesLines(rows: readonly LitmusRow[], model: string): readonly string[] {
  const allowed = rows.filter(
    ({ test }) => test.dialect === 'C' && test.expected?.verdict === 'Sometimes',
  );
  if (allowed.length === 0) return [];
  const reached = allowed.filter(({ test }) => test.observation !== 'Never');
  const count = `${reached.length} of ${plural(allowed.length, 'outcome')}`;
  return [
    `Sometimes: ${count} reached under ${model}`,
    ...reached.map(({ test }) => `  ${test.file}`),
  ];
}
