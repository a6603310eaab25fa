import type { StateArena } from '../../base/state-arena.js';
import type { ProcessColumns } from '../process/process-columns.js';
import type { ThreadTable } from '../thread-table.js';
import { SignalActions } from './signal-action.js';
import { SignalMasks } from './signal-masks.js';
import { SignalQueue } from './signal-queue.js';
import { PendingSignals } from './pending-signals.js';

/** Instances of signals that can be queued; beyond it real-time signals are refused. */
const QUEUE_CAPACITY = 64;

/** What is pending, what is blocked, and what is to be done about it. */
export class SignalState {
  /** Signals pending for one thread. */
  readonly ofThreads: PendingSignals;
  /** Signals pending for a process. */
  readonly ofProcesses: PendingSignals;
  /** Masks of the threads. */
  readonly masks: SignalMasks;
  /** Actions of the processes. */
  readonly actions: SignalActions;
  readonly #processOf: Int32Array;

  constructor(arena: StateArena, threads: ThreadTable, processes: ProcessColumns) {
    const queue = new SignalQueue(arena, QUEUE_CAPACITY);
    this.ofThreads = new PendingSignals(threads.pendingLow, threads.pendingHigh, queue, 0);
    this.ofProcesses = new PendingSignals(
      processes.pendingLow,
      processes.pendingHigh,
      queue,
      threads.capacity,
    );
    this.masks = new SignalMasks(arena, threads);
    this.actions = new SignalActions(arena, processes.capacity);
    this.#processOf = threads.process;
  }

  /** Signals 1 to 32 that are pending for the thread or its process. */
  pendingLow(thread: number): number {
    return this.ofThreads.low[thread]! | this.ofProcesses.low[this.#processOf[thread]!]!;
  }

  /** Signals 33 to 64 that are pending for the thread or its process. */
  pendingHigh(thread: number): number {
    return this.ofThreads.high[thread]! | this.ofProcesses.high[this.#processOf[thread]!]!;
  }

  /** Whether a signal is pending that the thread does not block. */
  hasDeliverable(thread: number): boolean {
    const { masks } = this;
    return (
      ((this.pendingLow(thread) & ~masks.low[thread]!) |
        (this.pendingHigh(thread) & ~masks.high[thread]!)) !==
      0
    );
  }

  /** Nothing of an exited thread is left. */
  clearThread(thread: number): void {
    this.ofThreads.flushAll(thread);
    this.masks.clear(thread);
  }

  /** Nothing of an exited process is left. */
  clearProcess(process: number): void {
    this.ofProcesses.flushAll(process);
    this.actions.clear(process);
  }
}
