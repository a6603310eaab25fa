import type { Machine } from '@rseqlab/sim-machine';

/** What the kernel's events say of a thread. */
export interface Task {
  readonly comm: string;
  readonly tid: number;
  readonly prio: number;
}

/** Priority of a time-shared thread of nice 0. @source include/linux/sched/prio.h, DEFAULT_PRIO */
const DEFAULT_PRIO = 120;

/** Highest priority of a real-time thread, less 1. @source include/linux/sched/prio.h, MAX_RT_PRIO */
const LAST_REAL_TIME_PRIO = 99;

/** The threads of a machine as the kernel's events show them. */
export class TaskView {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** A thread, or what runs on a CPU without one for -1. */
  of(thread: number, cpu: number): Task {
    if (thread < 0) return { comm: `swapper/${cpu}`, tid: 0, prio: DEFAULT_PRIO };
    const machine = this.#machine;
    return {
      comm: machine.thread(thread).name,
      tid: machine.threads.tid[thread]!,
      prio: prioOf(machine.column('sched.parameters')?.[thread]),
    };
  }
}

/** Kernel priority by the word of the machine's column: real-time priority from bit 8, nice + 20 from 16. */
function prioOf(word: number | undefined): number {
  if (word === undefined) return DEFAULT_PRIO;
  const realTime = (word >>> 8) & 0xff;
  return realTime > 0 ? LAST_REAL_TIME_PRIO - realTime : DEFAULT_PRIO - 20 + (word >>> 16);
}
