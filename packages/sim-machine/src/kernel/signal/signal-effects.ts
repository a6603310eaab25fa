import type { SignalRecord } from './signal-info.js';

/** What signals do to processes; the process part of the kernel. */
export interface SignalEffects {
  /** Ends every thread of the process where it stands. @param status as wait4 reports it */
  terminate(process: number, status: number): void;
  /** All threads of the process have stopped, or go on again; its parent is told. */
  stopChanged(process: number, signal: number, isStopped: boolean): void;
}

/** What a tracer sees of signals; the ptrace part of the kernel. */
export interface SignalTracing {
  /** Whether a tracer is attached to the thread. */
  isTraced(thread: number): boolean;
  /** Whether the thread is stopped for its tracer, and SIGCONT does not let it go on. */
  isHeld(thread: number): boolean;
  /** Stops the thread if its tracer has asked for that; true when it stopped. */
  stopOnRequest(thread: number): boolean;
  /** Stops the thread before a signal is delivered, to show it to the tracer. */
  stopForSignal(thread: number, record: Readonly<SignalRecord>): void;
  /** Stops the thread together with its process. */
  stopForGroup(thread: number, signal: number): void;
  /** Takes the signal with which the tracer let the thread go on; false when there is none. */
  takeInjected(thread: number, into: SignalRecord): boolean;
}
