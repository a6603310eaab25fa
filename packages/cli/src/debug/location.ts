import { instructionAt, formatFrame } from '@rseqlab/explorer';
import type { DebugSession } from './debug-session.js';
import { placeText } from './code-place.js';

/** Where the selected thread is, on one line. */
export function locationText(session: DebugSession): string {
  const { selected, run } = session;
  const place = session.placeOf(selected);
  if (place === undefined) return `T${selected} has not begun`;
  const who = `T${selected} ${place.name}`;
  if (place.state === 'ended') return `${who} has ended`;
  const ip = session.ipOf(selected);
  const section = session.sectionOf(selected);
  const inside = section === undefined ? '' : `, in section ${section.name}`;
  const source = place.source === undefined ? '' : `, ${formatFrame(place.source)}`;
  const instruction = instructionAt(run.machine, ip);
  const note = instruction?.note === undefined ? '' : `  ; ${instruction.note}`;
  const on = place.state === 'running' ? `on CPU ${place.cpu}` : `${place.state}, CPU ${place.cpu}`;
  return `${who} ${on} at ${placeText(run.machine, ip)}${inside}${source}\n=> ${instruction?.text ?? '?'}${note}`;
}

/** The same as data. */
export function locationData(session: DebugSession): Readonly<Record<string, unknown>> {
  const { selected, run } = session;
  const place = session.placeOf(selected);
  const who = { thread: selected, name: place?.name, state: place?.state };
  if (place?.state === 'ended') return who;
  const ip = session.ipOf(selected);
  return {
    ...who,
    cpu: place?.cpu,
    ip,
    place: placeText(run.machine, ip),
    instruction: instructionAt(run.machine, ip)?.text,
    section: session.sectionOf(selected)?.name,
    source: place?.source,
  };
}
