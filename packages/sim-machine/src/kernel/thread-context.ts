import type { Bus } from '../memory/bus.js';
import type { ProcessTable } from './process-table.js';
import type { ThreadTable } from './thread-table.js';

/** Whose memory accesses are made in, and from which CPU. */
export class ThreadContext {
  readonly #bus: Bus;
  readonly #processes: ProcessTable;
  readonly #processOf: Int32Array;

  constructor(bus: Bus, processes: ProcessTable, threads: ThreadTable) {
    this.#bus = bus;
    this.#processes = processes;
    this.#processOf = threads.process;
  }

  /** The thread whose accesses are made. */
  get thread(): number {
    return this.#bus.thread;
  }

  /** From now on accesses are made by this thread on this CPU. */
  enter(cpu: number, thread: number): void {
    this.#bus.enter(cpu, thread, this.#processes.spaceOf(this.#processOf[thread]!));
  }
}
