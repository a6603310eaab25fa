import type { EventLog } from './event-log.js';
import { conflictsWithLast } from './event-record.js';
import type { EventRecord } from './event-record.js';
import type { Branch } from './wakeup-tree.js';

const NOTHING: readonly EventRecord[] = [];

/** What a search knows of the point before each event of the execution at hand. */
export class NodeStates {
  /** Events that need not be tried there: all that they lead to was explored. */
  readonly asleep: (readonly EventRecord[])[] = [];
  /** What is still to be explored from there. */
  readonly branches: Branch[][] = [];
  /** Processes whose kernel events are among what was or will be explored, as a list. */
  readonly opened: number[][] = [];
  /** CPUs that have a thread, as bits of their number modulo 31. */
  readonly busy: number[] = [];
  /** The thread of every CPU, or -1. */
  readonly threads: number[][] = [];

  /** Prepares the point at a depth. */
  arrive(depth: number, planned: readonly Branch[]): void {
    if (depth === this.branches.length) {
      this.asleep[depth] ??= NOTHING;
      this.branches.push([]);
      this.opened.push([]);
      this.threads.push([]);
      this.busy.push(0);
    }
    const branches = this.branches[depth]!;
    if (branches.length > 0) branches.length = 0;
    for (let i = 0; i < planned.length; i++) branches.push(planned[i]!);
    if (this.opened[depth]!.length > 0) this.opened[depth]!.length = 0;
    this.busy[depth] = 0;
  }

  /** Notes the thread of a CPU, or -1. */
  note(depth: number, cpu: number, thread: number): void {
    this.threads[depth]![cpu] = thread;
    if (thread >= 0) this.busy[depth]! |= 1 << (cpu % 31);
  }

  /** Whether a decision need not be tried at a depth. */
  isAsleep(depth: number, decision: number): boolean {
    const asleep = this.asleep[depth]!;
    for (let i = 0; i < asleep.length; i++) if (asleep[i]!.decision === decision) return true;
    return false;
  }

  /** Lets those stay asleep behind an event that do not conflict with it. */
  sleepOn(depth: number, log: EventLog): void {
    const before = this.asleep[depth - 1]!;
    let kept: EventRecord[] | undefined;
    for (let i = 0; i < before.length; i++) {
      const record = before[i]!;
      if (conflictsWithLast(record, log)) kept ??= before.slice(0, i);
      else kept?.push(record);
    }
    this.sleep(depth, kept ?? before);
  }

  /** Says what is asleep at a depth. */
  sleep(depth: number, records: readonly EventRecord[]): void {
    this.asleep[depth] = records.length === 0 ? NOTHING : records;
  }
}
