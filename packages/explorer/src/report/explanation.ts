import type { Finding } from '../finding.js';
import type { FindingPlace, FindingPlaceRole } from '../findings/finding-place.js';
import type { ThreadWait } from '../findings/thread-wait.js';
import type { PointOfNoReturn, RunTrace } from '../trace/run-trace.js';
import { formatFrame } from '../trace/source-frame.js';
import { rowText } from './row-text.js';

/** A part of a finding's explanation: a heading and lines. */
export interface ExplanationPart {
  readonly heading: string;
  readonly lines: readonly string[];
}

const ROLES: Readonly<Record<FindingPlaceRole, string>> = {
  access: 'here',
  'other-access': 'and here',
  free: 'freed',
  allocation: 'handed out',
  wake: 'woken',
  throw: 'thrown',
};

/** What explains the finding of a trace, in words: places, who waits for whom, what repeats. */
export function explanation({
  finding,
  pointOfNoReturn,
  rows,
}: RunTrace): readonly ExplanationPart[] {
  if (finding === undefined) return [];
  const parts: ExplanationPart[] = [];
  const { places = [], waits = [], loop } = finding;
  if (places.length > 0) parts.push({ heading: 'Where', lines: places.map(placeText) });
  if (waits.length > 0)
    parts.push({ heading: 'Who waits for whom', lines: waitLines(finding, waits) });
  if (loop !== undefined)
    parts.push({
      heading: 'What repeats',
      lines: [`steps ${loop.start} to ${loop.start + loop.length - 1}, for ever`],
    });
  if (pointOfNoReturn !== undefined)
    parts.push({
      heading: 'Point of no return',
      lines: [noReturnText(pointOfNoReturn, rows)],
    });
  return parts;
}

/** A place of a finding, as a line: `here: T0 writer, CPU 0, step 4: store ... (file:1:2)`. */
function placeText({ role, thread, cpu, decision, what, source }: FindingPlace): string {
  const who = thread < 0 ? 'setup' : `T${thread}${cpu < 0 ? '' : ` on CPU ${cpu}`}`;
  const when = decision < 0 ? '' : `, step ${decision}`;
  const at = source === undefined ? '' : ` (${formatFrame(source)})`;
  return `${ROLES[role]}: ${who}${when}: ${what}${at}`;
}

function waitLines({ cycle = [] }: Finding, waits: readonly ThreadWait[]): readonly string[] {
  const inCycle = new Set(cycle);
  const first = cycle.flatMap((thread) => waits.filter((wait) => wait.thread === thread));
  return [...first, ...waits.filter(({ thread }) => !inCycle.has(thread))].map(waitText);
}

function waitText({ thread, name, text, source }: ThreadWait): string {
  const id = `T${thread}`;
  const who = name === '' || name === id ? id : `${id} ${name}`;
  return `${who} ${text}${source === undefined ? '' : ` (${formatFrame(source)})`}`;
}

function noReturnText(point: PointOfNoReturn, rows: RunTrace['rows']): string {
  const { decision, isExact } = point;
  if (decision < 0) return 'there is none: every execution fails';
  const row = rows.find(({ index }) => index === decision);
  const what = row === undefined ? '' : `, ${rowText(row)}`;
  return isExact
    ? `step ${decision}${what}: after it every way to go on fails`
    : `step ${decision}${what}, or earlier: after it every way to go on fails; what is before it was not all looked at`;
}
