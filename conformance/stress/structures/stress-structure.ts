import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';

/** One structure in one process. */
export interface StressInstance {
  /** One round of what threads do with it; each thread must have rseq registered. */
  operate(t: Thread): Operation<void>;
  /** What a thread of its own does meanwhile, if it has one. */
  readonly manage?: (t: Thread) => Operation<void>;
  /**
   * A part of a round, small enough to be taken in every interleaving with another thread's; default
   * a whole one.
   *
   * @param index 0 or 1: which of the two threads it is
   */
  readonly operateLittle?: (t: Thread, index: number) => Operation<void>;
  /** What is wrong with it after all threads have ended; undefined when nothing is. */
  fault(): string | undefined;
}

/** A per-CPU structure under stress. */
export interface StressStructure {
  readonly name: string;
  /** Makes one, before the threads that use it run. */
  create(machine: Machine, process: Process): StressInstance;
}
