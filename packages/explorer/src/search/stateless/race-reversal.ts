import type { Clocks } from './clocks.js';
import { EventFlag } from './event-log.js';
import type { EventLog } from './event-log.js';
import type { NodeStates } from './node-states.js';
import type { RaceListener } from './race-analysis.js';
import type { WakeupSequences } from './wakeup-tree.js';

/**
 * Plans executions in which the last event of a log comes before an event that it races with.
 *
 * Planned is the shortest way there that keeps all that does not depend on that event: see
 * {@link WakeupSequences}. Nothing is planned before the point where the search began.
 */
export class RaceReversal implements RaceListener {
  /** Events of the prefix that the search keeps. */
  floor = 0;
  readonly #log: EventLog;
  readonly #clocks: Clocks;
  readonly #nodes: NodeStates;
  readonly #wakeups: WakeupSequences;
  readonly #sequence: number[] = [];

  constructor(log: EventLog, clocks: Clocks, nodes: NodeStates, wakeups: WakeupSequences) {
    this.#log = log;
    this.#clocks = clocks;
    this.#nodes = nodes;
    this.#wakeups = wakeups;
  }

  race(other: number): void {
    const log = this.#log;
    const last = log.length - 1;
    const event = this.#beforeExit(other, log.before[last]!);
    if (event < this.floor) return;
    const process = log.process[event]!;
    const index = log.index[event]!;
    const sequence = this.#sequence;
    sequence.length = 0;
    for (let later = event + 1; later < last; later++)
      if (this.#clocks.of(later, process) < index) sequence.push(later);
    if (!this.#canRun(log.process[last]!, event)) return;
    sequence.push(last);
    for (const record of this.#nodes.asleep[event]!)
      if (this.#wakeups.isInitial(record, sequence)) return;
    this.#wakeups.insert(this.#nodes.branches[event]!, sequence);
  }

  /**
   * The event that has to be put off for one to be: nothing comes between a step and the exit that
   * follows it unseen. -1 where it cannot be put off, as it happens before `past`.
   */
  #beforeExit(event: number, past: number): number {
    const log = this.#log;
    if ((log.flags[event]! & EventFlag.ExitFirst) === 0) return event;
    const step = log.before[event]!;
    if (step < 0) return event;
    const isPast = past >= 0 && this.#clocks.of(past, log.process[step]!) >= log.index[step]!;
    return isPast ? -1 : this.#beforeExit(step, past);
  }

  /** Whether a process has a thread to run after the sequence from the point before an event on. */
  #canRun(process: number, event: number): boolean {
    const log = this.#log;
    if (process >= log.cpus) return true;
    const bit = 1 << (process % 31);
    if ((this.#nodes.busy[event]! & bit) !== 0) return true;
    for (const other of this.#sequence)
      if (log.process[other] === process || (log.touches[other]! & bit) !== 0) return true;
    return false;
  }
}
