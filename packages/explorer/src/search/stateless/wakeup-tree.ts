import { isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import type { Clocks } from './clocks.js';
import type { EventLog } from './event-log.js';
import { conflictsWith, isSameDecision } from './event-record.js';
import type { EventRecord, RecordCache } from './event-record.js';

/** An event that is to be explored, and the events that are to be explored behind it. */
export interface Branch {
  readonly record: EventRecord;
  readonly next: Branch[];
}

/** Nothing that is to be explored. */
export const NO_PLAN: readonly Branch[] = [];

/**
 * Sequences of events of a log that are to be explored from an earlier point on.
 *
 * @source Abdulla, Aronis, Jonsson, Sagonas, "Source Sets: A Foundation for Optimal Dynamic Partial
 *   Order Reduction", 2017, section 6
 */
export class WakeupSequences {
  /**
   * Whether what could come before a sequence, without being part of it, counts as its beginning.
   * That holds where every race with it is reversed; in a part of a search the races with what is
   * asleep from the start are not.
   */
  isComplete = true;
  readonly #log: EventLog;
  readonly #clocks: Clocks;
  readonly #records: RecordCache;

  constructor(log: EventLog, clocks: Clocks, records: RecordCache) {
    this.#log = log;
    this.#clocks = clocks;
    this.#records = records;
  }

  /**
   * Whether exploring `sequence` from a point could begin with the event of a record, which is
   * possible there: it comes first in the sequence, or could come before it all.
   *
   * @param sequence events of the log that a run from the point on could consist of
   */
  isInitial(record: EventRecord, sequence: readonly number[]): boolean {
    const log = this.#log;
    const { process } = record;
    for (let i = 0; i < sequence.length; i++) {
      const event = sequence[i]!;
      if (log.process[event] !== process) continue;
      if (!isSameDecision(record, log.decision[event]!, log.answers[event])) return false;
      for (let k = 0; k < i; k++) if (this.#happensBefore(sequence[k]!, event)) return false;
      return true;
    }
    if (!this.isComplete || record.footprint === undefined) return false;
    // One that comes first uses up the bound: what follows could not have as many.
    if (isKernelEvent(record.decision as Decision)) return false;
    for (const event of sequence) if (conflictsWith(record, log, event)) return false;
    return true;
  }

  /**
   * Adds a sequence to the branches of a point, unless a branch leads to all that it leads to.
   * Empties `sequence`. Returns whether anything was added.
   */
  insert(branches: Branch[], sequence: number[]): boolean {
    let level = branches;
    for (;;) {
      const found = level.find(({ record }) => this.isInitial(record, sequence));
      if (found === undefined) break;
      if (found.next.length === 0) return false;
      const at = sequence.findIndex((event) => this.#log.process[event] === found.record.process);
      if (at >= 0) sequence.splice(at, 1);
      if (sequence.length === 0) return false;
      level = found.next;
    }
    for (const event of sequence) {
      const branch: Branch = { record: this.#records.of(event), next: [] };
      level.push(branch);
      level = branch.next;
    }
    return true;
  }

  #happensBefore(first: number, second: number): boolean {
    const log = this.#log;
    return this.#clocks.of(second, log.process[first]!) >= log.index[first]!;
  }
}

/** A plan to explore events one after the other. */
export function planOf(records: readonly EventRecord[]): Branch[] {
  return records.reduceRight<Branch[]>((next, record) => [{ record, next }], []);
}
