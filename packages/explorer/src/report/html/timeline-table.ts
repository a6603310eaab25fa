import type { FindingPlace } from '../../findings/finding-place.js';
import type { RunTrace, TraceRow } from '../../trace/run-trace.js';
import { formatFrame } from '../../trace/source-frame.js';
import { rowText } from '../row-text.js';
import { escapeHtml } from './escape-html.js';
import type { ReadFrom } from './reads-from.js';
import { THREAD_COLOURS } from './timeline-picture.js';

const SIGNS: Partial<Record<TraceRow['kind'], string>> = {
  event: '⚡',
  abort: '↺',
  arrival: '⇣',
  fault: '⚠',
  signal: '✉',
  wakeup: '↑',
  switch: '⇄',
  migration: '⇄',
  finding: '✖',
};

/** Everything that happened, a row each, with a column for every CPU; time runs down. */
export function timelineTable(trace: RunTrace, reads: readonly (readonly ReadFrom[])[]): string {
  const { rows, cpus, finding, pointOfNoReturn } = trace;
  const busy = cpus.filter((cpu) => rows.some((row) => row.cpu === cpu));
  const columns = busy.length === 0 ? cpus.slice(0, 1) : busy;
  const heads = columns.map((cpu) => `<th scope="col">CPU ${cpu}</th>`).join('');
  const body = rows.map((row, at) => {
    const { index } = row;
    const inLoop =
      finding?.loop !== undefined &&
      index !== undefined &&
      index >= finding.loop.start &&
      index < finding.loop.start + finding.loop.length;
    const roles = (finding?.places ?? []).filter(
      ({ decision, thread }) => index === decision && thread === row.thread,
    );
    const isLast = index !== undefined && index === pointOfNoReturn?.decision;
    const line = rowLine(row, at, columns, {
      roles,
      inLoop,
      title: titleOf(row, rows, reads[at]!),
    });
    return isLast ? `${line}\n${doomLine(columns.length)}` : line;
  });
  const hidden =
    trace.omittedRows === 0
      ? ''
      : `<tr class="hidden"><td></td><td colspan="${columns.length + 1}">${trace.omittedRows} rows before</td></tr>`;
  return `<table class="rows"><thead><tr><th scope="col">step</th>${heads}<th scope="col">line</th></tr></thead>
<tbody>${hidden}${body.join('\n')}</tbody></table>`;
}

interface Remarks {
  readonly roles: readonly FindingPlace[];
  readonly inLoop: boolean;
  readonly title: string;
}

function rowLine(
  row: TraceRow,
  at: number,
  columns: readonly number[],
  { roles, inLoop, title }: Remarks,
): string {
  const { kind, index, thread, cpu, note, source } = row;
  const classes = [kind, inLoop ? 'loop' : '', roles.length > 0 ? 'place' : ''].filter(Boolean);
  const here = columns.includes(cpu) ? cpu : columns[0]!;
  const badges = roles.map(({ role }) => `<span class="badge">${role.replace('-', ' ')}</span>`);
  const remark = note === undefined ? '' : ` <span class="note">${escapeHtml(note)}</span>`;
  const cells = columns.map((column) =>
    column === here ? `<td>${contentOf(row)}${badges.join('')}${remark}</td>` : '<td></td>',
  );
  const line = source === undefined ? '' : escapeHtml(formatFrame(source));
  return `<tr id="row-${at}" class="${classes.join(' ')}" data-row="${at}" title="${escapeHtml(title)}"><td class="step-number">${index ?? ''}</td>${cells.join('')}<td class="line">${kind === 'step' || thread >= 0 ? line : ''}</td></tr>`;
}

function contentOf(row: TraceRow): string {
  const { kind, thread, text } = row;
  const sign = SIGNS[kind];
  if (kind !== 'step')
    return `<span class="sign" aria-hidden="true">${sign ?? ''}</span> ${escapeHtml(rowText(row).replace(/^\S\S /, ''))}`;
  const details = rowText(row).slice(`T${thread} ${text}`.length).trim();
  return `<span class="who t${thread % THREAD_COLOURS}">T${thread}</span> <code>${escapeHtml(text)}</code> <span class="access">${escapeHtml(details)}</span>`;
}

function titleOf(row: TraceRow, rows: readonly TraceRow[], reads: readonly ReadFrom[]): string {
  const sources = reads.map(({ address, row: from }) => {
    const what = `[0x${address.toString(16)}]`;
    if (from < 0) return `${what} is what was there before`;
    const writer = rows[from]!;
    const number = writer.index === undefined ? '' : ` in step ${writer.index}`;
    return `${what} was written by T${writer.thread}${number}`;
  });
  return [row.place ?? '', ...sources].filter((part) => part !== '').join('\n');
}

function doomLine(columns: number): string {
  return `<tr class="doom"><td></td><td colspan="${columns + 1}">point of no return: from here on every way to go on fails</td></tr>`;
}
