import type { Decision } from './decision.js';

/** A question that comes up in the middle of a step. */
export const ChoiceKind = {
  /** Which of several runnable threads gets the CPU. */
  NextThread: 0,
  /** Which of several futex waiters wakes. */
  Waiter: 1,
  /** Which write a load takes its value from: 0 is the newest, 1 the one before, and so on. */
  Write: 2,
} as const;

/** One of {@link ChoiceKind}. */
export type ChoiceKind = (typeof ChoiceKind)[keyof typeof ChoiceKind];

/** What a director may look at when it decides. */
export interface DecisionPoint {
  /** Writes every decision that is possible now into `out` and returns how many. */
  enumerate(out: Decision[]): number;
  /** The thread on a CPU, or -1. */
  currentOn(cpu: number): number;
  /** Ids of the possible CPUs, ascending. */
  readonly possibleCpus: readonly number[];
  /** Simulated time of a CPU in cycles. */
  cyclesOf(cpu: number): number;
  /** CPU of the timer that expires first, and its expiry; see {@link TimerView}. */
  readonly timers: TimerView;
  /** Pages on their way in from swap. */
  readonly pageIns: PageInView;
  /** CPUs that were idle and are not any more. */
  readonly activated: ActivityView;
  /** Stores of the CPU that have not reached memory. */
  pendingStores(cpu: number): number;
  /** False for a CPU that idles, or whose thread waits in front of an await that is not met. */
  canProgress(cpu: number): boolean;
  /** Whether all runnable threads, the queued ones too, wait in such a place. Costs O(threads). */
  isDeadlocked(): boolean;
}

/** CPUs that got something to do while they were idle, for directors that keep track of them. */
export interface ActivityView {
  /** Takes one such CPU out, or -1; the same CPU may come again. */
  take(): number;
}

/** The armed timers, as far as a director needs them. */
export interface TimerView {
  /** The timer that expires first, or -1. */
  earliest(): number;
  /** When the timer expires, in cycles. */
  expiryCycles(timer: number): number;
  /** The CPU that takes the timer's interrupt. */
  cpuOf(timer: number): number;
}

/** Threads that wait for a page, as far as a director needs them. */
export interface PageInView {
  /** The thread whose page arrives first, or -1. */
  earliest(): number;
  /** When that page arrives, in cycles. */
  arrivalCycles(thread: number): number;
}

/**
 * Who orders the runnable threads.
 *
 * `policy`: the scheduling classes, by their virtual times, as on a real kernel.
 * `free`: nobody; every runnable thread of the highest class may be next, and the director is
 * asked. Searches use it, since a program cannot rely on virtual times.
 */
export type SchedulingMode = 'policy' | 'free';

/** Where a CPU may be stopped: before every instruction, or only before those others can see. */
export type Granularity = 'instruction' | 'access';

/**
 * Decides everything that the machine does not determine.
 *
 * Laws (one test suite checks all directors): the same input gives the same decisions; a recorded
 * run replays to the same events; an answer out of range is refused by the machine with
 * `ERR_DECISION`, never carried out.
 */
export interface Director {
  /** A short name for reports and tokens. */
  readonly name: string;
  /** See {@link SchedulingMode}. */
  readonly scheduling: SchedulingMode;
  /** See {@link Granularity}. */
  readonly granularity: Granularity;
  /** Called when a run starts. */
  start?(point: DecisionPoint): void;
  /** The next decision, or NO_DECISION when nothing is possible. */
  decide(point: DecisionPoint): Decision;
  /** Answers a question that came up inside a step: 0 to `count` - 1; `count` is at least 2. */
  choose(kind: ChoiceKind, count: number): number;
}
