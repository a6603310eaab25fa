import { formatFrame } from '../trace/source-frame.js';
import type { RunTrace, TraceRow } from '../trace/run-trace.js';
import { PLAIN } from './paint.js';
import type { Paint } from './paint.js';
import { grouped } from './plural.js';
import { rowText } from './row-text.js';

/** How a schedule is written. */
export interface ScheduleOptions {
  /** Colours; default none. */
  readonly paint?: Paint;
  /** Most rows, the last ones of the run; default 200. */
  readonly rows?: number;
}

const DEFAULT_ROWS = 200;
const WIDEST_CELL = 60;
const GAP = '  ';
const NO_RETURN = '~~ from here on every way to go on fails';

/**
 * Writes what happened as a table: a column for every CPU, a row for every step and for everything
 * that the kernel did, and at the right what the programmer says about the instruction, and where
 * the thread's program is.
 *
 * @returns lines without line ends
 */
export function scheduleTable(trace: RunTrace, options: ScheduleOptions = {}): readonly string[] {
  const { paint = PLAIN, rows: most = DEFAULT_ROWS } = options;
  const rows = trace.rows.slice(-most);
  const cpus = busyCpus(trace);
  const indexWidth = Math.max(4, ...rows.map(({ index }) => String(index ?? '').length));
  const widths = cpus.map((cpu) =>
    Math.min(
      WIDEST_CELL,
      Math.max(8, ...rows.filter((row) => columnOf(row, cpus) === cpu).map(cellWidth)),
    ),
  );
  const header = [
    'step'.padStart(indexWidth),
    ...cpus.map((cpu, column) => `CPU ${cpu}`.padEnd(widths[column]!)),
  ].join(GAP);
  const hidden = trace.omittedRows + trace.rows.length - rows.length;
  const sources = new Map<number, string>();
  return [
    paint.heading(header.trimEnd()),
    ...(hidden > 0
      ? [paint.dim(`${' '.repeat(indexWidth)}${GAP}... ${grouped(hidden)} rows before`)]
      : []),
    ...rows.flatMap((row) => [
      rowLine(row, { cpus, widths, indexWidth, paint, sources }),
      ...(row.index !== undefined && row.index === trace.pointOfNoReturn?.decision
        ? [paint.bad(`${' '.repeat(indexWidth)}${GAP}${NO_RETURN}`)]
        : []),
    ]),
  ];
}

interface Columns {
  readonly cpus: readonly number[];
  readonly widths: readonly number[];
  readonly indexWidth: number;
  readonly paint: Paint;
  /** The line that every thread was shown at last: it is written only when it changes. */
  readonly sources: Map<number, string>;
}

function rowLine(row: TraceRow, { cpus, widths, indexWidth, paint, sources }: Columns): string {
  const text = rowText(row);
  const painted =
    row.kind === 'event' || row.kind === 'abort'
      ? paint.event(text)
      : row.kind === 'finding'
        ? paint.bad(text)
        : row.kind === 'step'
          ? text
          : paint.dim(text);
  const at = cpus.indexOf(columnOf(row, cpus));
  const before = widths.slice(0, at).map((width) => ' '.repeat(width) + GAP);
  const padding = ' '.repeat(Math.max(0, widths[at]! - text.length));
  const after = widths.slice(at + 1).map((width) => GAP + ' '.repeat(width));
  const remark = remarkOf(row, sources);
  const index = String(row.index ?? '').padStart(indexWidth);
  const cells = `${index}${GAP}${before.join('')}${painted}`;
  return remark === '' ? cells : `${cells}${padding}${after.join('')}${GAP}${paint.dim(remark)}`;
}

function remarkOf({ kind, thread, note, source }: TraceRow, sources: Map<number, string>): string {
  if (kind !== 'step') return '';
  const line = source === undefined ? '' : formatFrame(source);
  const isNew = line !== '' && sources.get(thread) !== line;
  if (isNew) sources.set(thread, line);
  return [note === undefined ? '' : `; ${note}`, isNew ? `at ${line}` : '']
    .filter((part) => part !== '')
    .join(GAP);
}

/** CPUs on which anything happened; at least one. */
function busyCpus({ cpus, rows }: RunTrace): readonly number[] {
  const busy = cpus.filter((cpu) => rows.some((row) => row.cpu === cpu));
  return busy.length === 0 ? cpus.slice(0, 1) : busy;
}

function columnOf({ cpu }: TraceRow, cpus: readonly number[]): number {
  return cpus.includes(cpu) ? cpu : cpus[0]!;
}

/** A long sentence does not make its column wide. */
function cellWidth(row: TraceRow): number {
  return row.kind === 'step' || row.kind === 'event' ? rowText(row).length : 0;
}
