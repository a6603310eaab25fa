import type { EventLog } from './event-log.js';
import type { EventRecord, RecordCache } from './event-record.js';
import type { NodeStates } from './node-states.js';
import type { StartingPoint } from './starting-point.js';

/** The execution that was taken last, up to where the next one parts from it; and how long a prefix is. */
export type Standing = readonly [
  log: EventLog,
  records: RecordCache,
  nodes: NodeStates,
  floor: number,
];

/**
 * The points on the way to the next execution, last one first, behind the prefix: whatever can come at
 * them and is not asleep there is left to be explored.
 */
export function pointsLeft(
  [log, records, { asleep }, floor]: Standing,
  boot: readonly number[] | undefined,
): StartingPoint[] {
  const prefix: EventRecord[] = [];
  for (let event = 0; event < log.length; event++) prefix.push(records.of(event));
  const points: StartingPoint[] = [];
  for (let depth = log.length; depth >= floor; depth--) {
    const taken = depth < log.length ? [prefix[depth]!] : [];
    points.push({ boot, prefix: prefix.slice(0, depth), asleep: [...asleep[depth]!, ...taken] });
  }
  return points;
}
