import { AccessMode } from './access-mode.js';
import { EventFlag } from './event-log.js';
import type { EventLog } from './event-log.js';

/** What is remembered of an event that is not in the log: one that was taken back, or is planned. */
export interface EventRecord {
  readonly process: number;
  readonly decision: number;
  /** What `answered` made of answers that the director gives in the middle of it. */
  readonly answers: readonly number[] | undefined;
  /** Undefined for an event that never happened: nobody knows what it accesses. */
  readonly footprint: Footprint | undefined;
}

/** What an event conflicts through. */
export interface Footprint {
  readonly isUniversal: boolean;
  /** See {@link EventLog.touches}. */
  readonly touches: number;
  /** Location, bytes and mode of every access. */
  readonly accesses: readonly number[];
}

/** Remembers events of a log, each of them once. */
export class RecordCache {
  readonly #log: EventLog;
  readonly #records: (EventRecord | undefined)[] = [];
  readonly #serials: number[] = [];

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** The record of an event that is over. */
  of(event: number): EventRecord {
    const serial = this.#log.serial[event]!;
    let record = this.#serials[event] === serial ? this.#records[event] : undefined;
    if (record === undefined) {
      record = recordOf(this.#log, event);
      this.#records[event] = record;
      this.#serials[event] = serial;
    }
    return record;
  }
}

/** Remembers an event of the log. */
export function recordOf(log: EventLog, event: number): EventRecord {
  const accesses: number[] = [];
  const end = log.firstAccess[event + 1]!;
  for (let at = log.firstAccess[event]!; at < end; at++)
    if (log.event[at] === event) accesses.push(log.location[at]!, log.bytes[at]!, log.mode[at]!);
  return {
    process: log.process[event]!,
    decision: log.decision[event]!,
    answers: log.answers[event],
    footprint: {
      isUniversal: (log.flags[event]! & EventFlag.Universal) !== 0,
      touches: log.touches[event]!,
      accesses,
    },
  };
}

/** Whether a record is of the same decision with the same answers. */
export function isSameDecision(
  record: EventRecord,
  decision: number,
  answers: readonly number[] | undefined,
): boolean {
  if (record.decision !== decision) return false;
  const own = record.answers ?? [];
  const other = answers ?? [];
  return own.length === other.length && own.every((answer, index) => answer === other[index]);
}

/**
 * Whether an event that could happen at the end of the log conflicts with the last event.
 *
 * A read of what is in the CPU's own buffer conflicts with no write but that of the same CPU's
 * threads; nor does any read of a CPU conflict with a drain of its own buffer, which changes where
 * the value is found and not what it is.
 */
export function conflictsWithLast(record: EventRecord, log: EventLog): boolean {
  const event = log.length - 1;
  if (conflictsBeyondMemory(record, log, event)) return true;
  const { process, footprint } = record;
  if (footprint === undefined) return true;
  const cpu = log.cpuOf(process);
  const { accesses } = footprint;
  for (let i = 0; i < accesses.length; i += 3) {
    const location = accesses[i]!;
    const bytes = accesses[i + 1]!;
    const reads = (accesses[i + 2]! & AccessMode.Write) === 0;
    if (reads && cpu >= 0) {
      const store = log.buffered(cpu, location, bytes);
      if (store >= 0 && log.covers(store, bytes)) continue;
    }
    if (meets(log, event, cpu, location, bytes, accesses[i + 2]!)) return true;
  }
  return false;
}

/**
 * Whether an event that could happen before an event of the log conflicts with it; it may say so
 * where there is none, of a read that was forwarded.
 */
export function conflictsWith(record: EventRecord, log: EventLog, event: number): boolean {
  if (conflictsBeyondMemory(record, log, event)) return true;
  const { process, footprint } = record;
  if (footprint === undefined) return true;
  const cpu = log.cpuOf(process);
  const { accesses } = footprint;
  for (let i = 0; i < accesses.length; i += 3)
    if (meets(log, event, cpu, accesses[i]!, accesses[i + 1]!, accesses[i + 2]!)) return true;
  return false;
}

function conflictsBeyondMemory(record: EventRecord, log: EventLog, event: number): boolean {
  const other = log.process[event]!;
  const { process, footprint } = record;
  if (process === other || footprint === undefined) return true;
  if (footprint.isUniversal || (log.flags[event]! & EventFlag.Universal) !== 0) return true;
  const mine = footprint.touches;
  const theirs = log.touches[event]!;
  if ((mine | theirs) === 0) return false;
  return (
    (mine & theirs) !== 0 ||
    (process < log.cpus && ((theirs >>> (process % 31)) & 1) === 1) ||
    (other < log.cpus && ((mine >>> (other % 31)) & 1) === 1)
  );
}

/** Whether an access of a CPU conflicts with any access of an event. */
function meets(
  log: EventLog,
  event: number,
  cpu: number,
  location: number,
  bytes: number,
  mode: number,
): boolean {
  const end = log.firstAccess[event + 1]!;
  for (let at = log.firstAccess[event]!; at < end; at++) {
    if (log.location[at] !== location || (log.bytes[at]! & bytes) === 0) continue;
    if (log.event[at] !== event) continue;
    const other = log.mode[at]!;
    if (((mode | other) & AccessMode.Write) === 0) continue;
    if ((other & AccessMode.Forwarded) !== 0) continue;
    const isOwnDrain =
      ((other & AccessMode.Drained) !== 0 && (mode & AccessMode.Write) === 0) ||
      ((mode & AccessMode.Drained) !== 0 && (other & AccessMode.Write) === 0);
    if (isOwnDrain && log.cpuOf(log.process[event]!) === cpu) continue;
    return true;
  }
  return false;
}
