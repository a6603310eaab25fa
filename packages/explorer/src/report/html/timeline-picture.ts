import type { RunTrace, TraceRow } from '../../trace/run-trace.js';
import { escapeHtml } from './escape-html.js';
import { lanesOf } from './timeline-lanes.js';
import type { Lane, LaneSpan } from './timeline-lanes.js';

const LANE_HEIGHT = 26;
const BAR_HEIGHT = 14;
const TOP = 22;
const LABEL_WIDTH = 116;
/** A long run has narrower rows. */
const WIDEST_ROW = 52;
const NARROWEST_ROW = 3;
const PICTURE_WIDTH = 1040;
/** Colours that threads are told apart by. */
export const THREAD_COLOURS = 8;

/** The whole run as a picture: a lane for every CPU and for every thread, time from left to right. */
export function timelinePicture(trace: RunTrace): string {
  const { rows, pointOfNoReturn } = trace;
  const lanes = lanesOf(trace);
  const fitting = (PICTURE_WIDTH - LABEL_WIDTH) / Math.max(rows.length, 1);
  const width = Math.min(WIDEST_ROW, Math.max(NARROWEST_ROW, fitting));
  const x = (row: number): number => round(LABEL_WIDTH + row * width);
  const height = TOP + lanes.length * LANE_HEIGHT + 10;
  const end = x(rows.length) + 12;
  const laneOf = new Map(lanes.map((lane, at) => [`${lane.kind} ${lane.id}`, at]));
  const marks = rows.map((row, at) => {
    const lane = laneOf.get(`cpu ${row.cpu}`) ?? 0;
    return markOf(row, x(at) + width / 2, TOP + lane * LANE_HEIGHT + BAR_HEIGHT / 2 + 3, at);
  });
  const last = rows.findIndex(({ index }) => index === pointOfNoReturn?.decision);
  const doom =
    pointOfNoReturn === undefined || last < 0
      ? ''
      : `<g class="doom"><rect x="${x(last + 1)}" y="${TOP - 8}" width="${round(end - x(last + 1))}" height="${height - TOP}"/><line x1="${x(last + 1)}" x2="${x(last + 1)}" y1="8" y2="${height - 4}"/><text x="${x(last + 1) + 5}" y="14">no return</text></g>`;
  const columns = rows.map(
    (_row, at) =>
      `<rect class="hit" data-row="${at}" x="${x(at)}" y="0" width="${round(width)}" height="${height}"/>`,
  );
  return [
    `<svg class="picture" role="img" aria-label="Timeline of ${rows.length} rows" viewBox="0 0 ${round(end)} ${height}" width="${round(end)}" height="${height}">`,
    doom,
    ...lanes.map((lane, at) => laneText(lane, TOP + at * LANE_HEIGHT, x, width, end)),
    ...marks,
    `<rect class="cursor" x="0" y="4" width="${round(width)}" height="${height - 8}"/>`,
    ...columns,
    '</svg>',
  ].join('\n');
}

function laneText(
  { kind, label, spans, id }: Lane,
  y: number,
  x: (row: number) => number,
  width: number,
  end: number,
): string {
  const bars = spans.map((span) => barText(span, kind, id, y, x, width));
  return [
    `<g class="lane ${kind}">`,
    `<text class="label" x="0" y="${y + 14}">${escapeHtml(shortened(label))}</text>`,
    `<line class="rail" x1="${LABEL_WIDTH}" x2="${round(end)}" y1="${y + 10}" y2="${y + 10}"/>`,
    ...bars,
    '</g>',
  ].join('');
}

function barText(
  { from, to, who }: LaneSpan,
  kind: Lane['kind'],
  id: number,
  y: number,
  x: (row: number) => number,
  width: number,
): string {
  const thread = kind === 'cpu' ? who : id;
  const shape = who < 0 ? 'sleep' : `bar t${thread % THREAD_COLOURS}`;
  const length = round(x(to) - x(from) + width);
  const bar = `<rect class="${shape}" x="${x(from)}" y="${y + 3}" width="${length}" height="${BAR_HEIGHT}" rx="3"/>`;
  const label = who < 0 ? 'asleep' : kind === 'cpu' ? `T${who}` : `CPU ${who}`;
  const fits = length > label.length * 7 + 6;
  return fits
    ? `${bar}<text class="${who < 0 ? 'asleep' : 'caption'}" x="${x(from) + 4}" y="${y + 14}">${label}</text>`
    : bar;
}

function markOf({ kind }: TraceRow, x: number, y: number, row: number): string {
  const at = `transform="translate(${round(x)} ${round(y)})" data-row="${row}"`;
  switch (kind) {
    case 'event':
      return `<path class="mark event" ${at} d="M0 -9 L6 3 L-6 3 Z"/>`;
    case 'abort':
      return `<path class="mark abort" ${at} d="M-5 -5 L5 5 M5 -5 L-5 5"/>`;
    case 'fault':
    case 'signal':
      return `<circle class="mark ${kind}" ${at} r="4"/>`;
    case 'finding':
      return `<path class="mark finding" ${at} d="M0 -8 L8 0 L0 8 L-8 0 Z"/>`;
    default:
      return '';
  }
}

const LONGEST_LABEL = 16;

function shortened(label: string): string {
  return label.length <= LONGEST_LABEL ? label : `${label.slice(0, LONGEST_LABEL - 1)}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
