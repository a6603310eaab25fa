import Table from 'cli-table3';
import { grouped, plural } from '@rseqlab/explorer';
import { jsonText } from '../jobs/json-text.js';
import { terminalPaint } from '../terminal-paint.js';
import type { TortureIdentity } from './torture-identity.js';
import type { TortureName } from './torture-programs.js';
import { DEEDS, OLDEST_RIGHT, WAYS } from './torture-tally.js';
import type { TortureReport } from './torture.js';

/** What was tortured under which model, from which seed, and what came of it. */
export interface TortureCell extends TortureIdentity<TortureName> {
  readonly report: TortureReport;
  /** Time that it took, in milliseconds; 0 where nobody looked. */
  readonly timeMs: number;
}

/** How a report is written. */
export interface TortureStyle {
  readonly json: boolean;
  readonly isColored: boolean;
}

/** The command that makes an execution again. */
function again({ name, memory }: TortureCell, seed: number): string {
  return `rseqlab torture --flavour ${name} --memory ${memory} --seed ${seed} --executions 1`;
}

/** The report of one or more tortures, as text or as JSON. */
export function tortureText(cells: readonly TortureCell[], style: TortureStyle): string {
  const [first, ...others] = cells;
  if (style.json) return jsonText(others.length === 0 ? jsonOf(first!) : cells.map(jsonOf));
  if (others.length === 0) return cellText(first!, style);
  return [tortureTable(cells), ...cells.flatMap(failureLines), ''].join('\n');
}

function jsonOf(cell: TortureCell): object {
  const { name: flavour, memory, seed, report } = cell;
  const { executions, schedules, decisions, tally, failure } = report;
  const { sections, besideGracePeriods, gracePeriods, ages, deeds } = tally;
  return {
    outcome: failure === undefined ? 'nothing found' : 'fails',
    flavour,
    memory,
    seed,
    executions,
    schedules,
    decisions,
    sections,
    besideGracePeriods,
    gracePeriods,
    ages,
    deeds,
    failure,
    again: failure && again(cell, failure.seed),
  };
}

function cellText(cell: TortureCell, { isColored }: TortureStyle): string {
  const { name, memory, seed, report } = cell;
  const { executions, schedules, tally, failure } = report;
  const paint = terminalPaint(isColored);
  const verdict =
    failure === undefined ? paint.good('nothing was found') : paint.bad('something was found');
  const rows: [string, string][] = [
    ['schedules', `${grouped(schedules)} different${rateOf(cell)}`],
    ['read sections', `${grouped(tally.sections)}, ${shareOf(tally)} beside a grace period`],
    ...WAYS.filter((way) => tally.gracePeriods[way] > 0).map((way): [string, string] => [
      way,
      grouped(tally.gracePeriods[way]),
    ]),
    ...DEEDS.filter((deed) => tally.deeds[deed] > 0).map((deed): [string, string] => [
      deed,
      grouped(tally.deeds[deed]),
    ]),
    ...tally.ages.flatMap((count, age): [string, string][] =>
      count > 0 || age <= OLDEST_RIGHT + 1 ? [[`age ${age}`, grouped(count)]] : [],
    ),
  ];
  return [
    `torture of ${name}: ${verdict} in ${plural(executions, 'execution')} (${memory}, seed ${seed})`,
    ...rows.map(([what, count]) => `  ${what.padEnd(22)} ${count}`),
    ...failureLines(cell),
    '',
  ].join('\n');
}

/** A row for each torture. */
export function tortureTable(cells: readonly TortureCell[]): string {
  const table = new Table({
    head: ['flavour', 'memory', 'executions', 'sections', 'beside', 'age 0', 'age 1', 'older', ''],
    style: { head: [], border: [] },
  });
  for (const { name, memory, report } of cells) {
    const { executions, tally, failure } = report;
    const [present = 0, previous = 0, ...older] = tally.ages;
    table.push([
      name,
      memory,
      grouped(executions),
      grouped(tally.sections),
      shareOf(tally),
      grouped(present),
      grouped(previous),
      grouped(older.reduce((sum, count) => sum + count, 0)),
      failure === undefined ? '' : 'fails',
    ]);
  }
  return table.toString();
}

/** What was wrong, and how to see it again. */
export function failureLines(cell: TortureCell): readonly string[] {
  const { failure } = cell.report;
  if (failure === undefined) return [];
  const { kind, message, seed } = failure;
  return [`${kind}: ${message}`, `To see it again: ${again(cell, seed)}`];
}

function shareOf({ sections, besideGracePeriods }: TortureReport['tally']): string {
  return `${((100 * besideGracePeriods) / Math.max(sections, 1)).toFixed(0)} %`;
}

function rateOf({ report, timeMs }: TortureCell): string {
  if (timeMs <= 0) return '';
  return `, ${((1000 * report.executions) / timeMs).toFixed(0)} executions a second`;
}
