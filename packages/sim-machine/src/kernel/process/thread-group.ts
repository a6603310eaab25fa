import { ThreadState } from '../thread-state.js';
import type { ThreadTable } from '../thread-table.js';

/** Enumerates the threads of processes that have not exited, by ascending slot. */
export class ThreadGroups {
  readonly #threads: ThreadTable;

  constructor(threads: ThreadTable) {
    this.#threads = threads;
  }

  /** The first thread of a process, or -1. */
  first(process: number): number {
    return this.next(process, -1);
  }

  /** The thread of a process behind a slot, or -1. */
  next(process: number, after: number): number {
    const { process: processOf, highWater } = this.#threads;
    for (let thread = after + 1; thread < highWater; thread++)
      if (processOf[thread] === process && this.isAlive(thread)) return thread;
    return -1;
  }

  /** The thread with a tid, or -1. */
  byTid(tid: number): number {
    const { tid: tids, highWater } = this.#threads;
    for (let thread = 0; thread < highWater; thread++)
      if (tids[thread] === tid && this.isAlive(thread)) return thread;
    return -1;
  }

  /** Whether the slot holds a thread that has not exited. */
  isAlive(thread: number): boolean {
    const state = this.#threads.state[thread]!;
    return state !== ThreadState.Free && state !== ThreadState.Zombie;
  }
}
