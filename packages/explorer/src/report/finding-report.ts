import { formatFrame } from '../trace/source-frame.js';
import type { SourceFrame } from '../trace/source-frame.js';
import type { CpuPlace, RunTrace, ThreadPlace } from '../trace/run-trace.js';
import { explanation } from './explanation.js';
import { PLAIN } from './paint.js';
import type { Paint } from './paint.js';
import { plural } from './plural.js';
import { scheduleTable } from './schedule-table.js';

/** How a report is written. */
export interface ReportOptions {
  /** Colours; default none. */
  readonly paint?: Paint;
  /** The command that shows the run again. */
  readonly replay?: string;
  /** What is said behind the number of kernel events, such as `no execution needs fewer`. */
  readonly remark?: string;
  /** Most rows of the schedule; default 200. */
  readonly rows?: number;
}

/**
 * Writes what was found in a run: the finding, the schedule that leads there, where every CPU and
 * every thread was, and how to see it again.
 */
export function findingReport(trace: RunTrace, options: ReportOptions = {}): string {
  const { paint = PLAIN, replay, remark, rows } = options;
  const { finding } = trace;
  const found = finding === undefined ? [] : [`${paint.bad(finding.kind)}: ${finding.message}`];
  const when = finding === undefined ? 'At the end' : 'When it was found';
  const events = plural(trace.kernelEvents, 'kernel event');
  return [
    ...found,
    '',
    ...explanation(trace).flatMap(({ heading, lines }) => [
      paint.heading(heading),
      ...lines.map((line) => `  ${line}`),
      '',
    ]),
    paint.heading(`Schedule: ${events}${remark === undefined ? '' : `, ${remark}`}`),
    paint.dim(trace.threads.map(({ thread, name }) => `T${thread} ${name}`).join(', ')),
    '',
    ...scheduleTable(trace, { paint, ...(rows !== undefined && { rows }) }),
    '',
    paint.heading(when),
    ...trace.cpuPlaces.map((place) => `  ${cpuLine(place)}`),
    ...trace.threadPlaces.map((place) => `  ${threadLine(place)}`),
    ...(replay === undefined ? [] : ['', paint.heading('To see it again'), `  ${replay}`]),
    '',
  ].join('\n');
}

function cpuLine({ cpu, thread, lastThread, instruction, source }: CpuPlace): string {
  if (thread >= 0) return `CPU ${cpu}: T${thread} at ${instruction}${at(source)}`;
  if (lastThread < 0) return `CPU ${cpu}: idle, nothing ran here`;
  return `CPU ${cpu}: idle, T${lastThread} was the last${instruction === '' ? '' : `: ${instruction}${at(source)}`}`;
}

function threadLine({ thread, name, state, cpu, instruction, source }: ThreadPlace): string {
  const where = state === 'ended' || cpu < 0 ? state : `${state} on CPU ${cpu}`;
  return `T${thread} ${name}: ${where}, ${state === 'ended' ? 'last ' : 'at '}${instruction}${at(source)}`;
}

function at(source: SourceFrame | undefined): string {
  return source === undefined ? '' : ` (${formatFrame(source)})`;
}
