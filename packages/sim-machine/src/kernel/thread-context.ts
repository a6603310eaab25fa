import type { Bus } from '../memory/bus.js';
import type { ProcessTable } from './process-table.js';
import type { ThreadTable } from './thread-table.js';

/** Threads from this one on share a bit of {@link ThreadContext.entered}. */
const LAST_OWN_BIT = 31;

/** Whose memory accesses are made in, and from which CPU. */
export class ThreadContext {
  /** Bit n: something was done in the context of thread n since whoever looks set it to 0. */
  entered = 0;
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
    this.entered |= 1 << (thread < LAST_OWN_BIT ? thread : LAST_OWN_BIT);
    this.#bus.enter(cpu, thread, this.#processes.spaceOf(this.#processOf[thread]!));
  }
}
