import type { DecisionKindName } from '@rseqlab/sim-machine';
import type { Finding } from '../finding.js';
import type { SourceFrame } from './source-frame.js';

/** One access to memory, as a thread made it or as it reached memory. */
export interface TraceAccess {
  /** `buffered` is a store that is not visible to other CPUs yet. */
  readonly kind: 'load' | 'store' | 'buffered' | 'atomic' | 'fence' | 'visible';
  /** Virtual address, 0 to 2^32 - 1; -1 where it is not known or there is none. */
  readonly address: number;
  /** Bytes, 0 for a fence. */
  readonly size: number;
  /** What was loaded or stored, or what an atomic found; int32. */
  readonly value: number;
  /** The word that an atomic left behind. */
  readonly result?: number;
  /** How many newer writes a load did not see, where it looked back. */
  readonly missed?: number;
}

/**
 * What a row of a trace is.
 *
 * `step`: a thread executed. `event`: a kernel event that was decided from outside. `arrival`: a
 * store, a page or a timer was due. The others follow from what came before: a change of threads, a
 * migration, a section that was aborted, a signal, a fault, a wake-up, a finding.
 */
export type TraceRowKind =
  | 'step'
  | 'event'
  | 'arrival'
  | 'switch'
  | 'migration'
  | 'abort'
  | 'signal'
  | 'fault'
  | 'wakeup'
  | 'finding';

/** One thing that happened, on one CPU. */
export interface TraceRow {
  readonly kind: TraceRowKind;
  /** Index of the decision in the run, of rows that are one. */
  readonly index?: number;
  /** The kind of that decision. */
  readonly decision?: DecisionKindName;
  /** The CPU it happened on, or -1. */
  readonly cpu: number;
  /** The thread it happened to, or -1. */
  readonly thread: number;
  /** The instruction, or what happened in words. */
  readonly text: string;
  /** Accesses to memory, in order. */
  readonly accesses: readonly TraceAccess[];
  /** What the programmer says about the instruction. */
  readonly note?: string;
  /** The place in the installed program: `label+offset`, with the program's name. */
  readonly place?: string;
  /** The line of the thread's program that the instruction belongs to. */
  readonly source?: SourceFrame;
}

/** Where a thread was when a trace was cut off: its latest instruction. */
export interface ThreadPlace {
  readonly thread: number;
  readonly name: string;
  /** `running` on a CPU, `ready` to run, `asleep`, or `ended`. */
  readonly state: 'running' | 'ready' | 'asleep' | 'ended';
  /** The CPU it is or was on, or -1. */
  readonly cpu: number;
  /** The instruction it is at, or that it executed last if it has ended. */
  readonly instruction: string;
  readonly source?: SourceFrame;
}

/** Where a CPU was. */
export interface CpuPlace {
  readonly cpu: number;
  /** The thread on it, or -1. */
  readonly thread: number;
  /** The thread that executed on it last, or -1. */
  readonly lastThread: number;
  /** The instruction it is at, or that it executed last. */
  readonly instruction: string;
  readonly source?: SourceFrame;
}

/** A thread's name by its id. */
export interface TracedThread {
  readonly thread: number;
  readonly name: string;
}

/** From where on a failing run could not but fail, whatever had been decided. */
export interface PointOfNoReturn {
  /**
   * Index of the decision behind which every way to go on fails; -1 where every execution of the
   * scenario does. Of an answer that is not exact, the earliest that is known.
   */
  readonly decision: number;
  /** Whether it is known that before this decision there was a way that does not fail. */
  readonly isExact: boolean;
  /** Runs that it took. */
  readonly executions: number;
}

/** Everything that happened in a run, in order, for people to read. */
export interface RunTrace {
  /** Name of the scenario. */
  readonly scenario: string;
  /** Ids of the possible CPUs. */
  readonly cpus: readonly number[];
  readonly threads: readonly TracedThread[];
  /** What happened, in order; of a long run the last part. */
  readonly rows: readonly TraceRow[];
  /** How many rows came before those. */
  readonly omittedRows: number;
  /** How many kernel events were injected. */
  readonly kernelEvents: number;
  /** How the machine stopped. */
  readonly outcome: 'finished' | 'stuck' | 'limit' | 'stopped';
  /** What was found first, if anything was. */
  readonly finding?: Finding;
  /** From where on it could not but be found, where that was looked for. */
  readonly pointOfNoReturn?: PointOfNoReturn;
  /** Where every CPU was when that was found, or at the end. */
  readonly cpuPlaces: readonly CpuPlace[];
  /** Where every thread was. */
  readonly threadPlaces: readonly ThreadPlace[];
}
