import type { Clocks } from './clocks.js';
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

  race(event: number): void {
    if (event < this.floor) return;
    const log = this.#log;
    const last = log.length - 1;
    const process = log.process[event]!;
    const index = log.index[event]!;
    const sequence = this.#sequence;
    sequence.length = 0;
    for (let other = event + 1; other < last; other++)
      if (this.#clocks.of(other, process) < index) sequence.push(other);
    if (!this.#canRun(log.process[last]!, event)) return;
    sequence.push(last);
    for (const record of this.#nodes.asleep[event]!)
      if (this.#wakeups.isInitial(record, sequence)) return;
    this.#wakeups.insert(this.#nodes.branches[event]!, sequence);
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
