import type { ExitObserver, Lifecycle } from '../lifecycle.js';
import type { Process } from '../process.js';
import type { ProcessTable } from '../process-table.js';
import type { SignalEffects } from '../signal/signal-effects.js';
import { SignalCode } from '../signal/signal-info.js';
import type { Signals } from '../signal/signals.js';
import type { ThreadTable } from '../thread-table.js';
import type { ChildRelations } from './child-relations.js';
import type { ChildTids } from './child-tids.js';
import type { TraceTable } from './trace-table.js';
import type { Tracing } from './tracing.js';
import { exitedStatus } from './wait-status.js';

/** Parts that exits work on. */
export interface ExitPorts {
  readonly threads: ThreadTable;
  readonly processes: ProcessTable;
  readonly lifecycle: Lifecycle;
  readonly relations: ChildRelations;
  readonly childTids: ChildTids;
  readonly traces: TraceTable;
  readonly tracing: Tracing;
  /** Signals; they are made after this part. */
  signals(): Signals;
}

/** What the exit of a thread or of a process leads to. */
export class Exits implements ExitObserver, SignalEffects {
  readonly #ports: ExitPorts;

  constructor(ports: ExitPorts) {
    this.#ports = ports;
  }

  terminate(process: number, status: number): void {
    const { processes, lifecycle } = this.#ports;
    processes.columns.stopSignal[process] = 0;
    lifecycle.exitProcess(processes.at(process), status);
  }

  stopChanged(process: number, signal: number, isStopped: boolean): void {
    this.#ports.relations.stopChanged(process, signal, isStopped);
  }

  /** The system call exit: the thread ends, its process with its last thread. @source exit(2) */
  exitThread(thread: number, code: number): void {
    this.#ports.lifecycle.exitThread(thread, exitedStatus(code));
  }

  /** The system call exit_group: all threads of the process end. @source exit_group(2) */
  exitGroup(thread: number, code: number): void {
    this.terminate(this.#ports.threads.process[thread]!, exitedStatus(code));
  }

  threadExiting(thread: number): void {
    this.#ports.childTids.release(thread);
  }

  threadExited(thread: number): boolean {
    const { threads, tracing, signals } = this.#ports;
    const process = threads.process[thread]!;
    tracing.tracerExited(thread);
    signals().clearThread(thread);
    const isKept = this.#tellTracer(thread, process);
    signals().jobs.noteStopped(process);
    return isKept;
  }

  /** Another process, a joiner, a tracer, or a sender of signals could tell. */
  isExitSeen(thread: number): boolean {
    const { threads, processes, childTids, traces, signals } = this.#ports;
    return (
      processes.count > 1 ||
      childTids.isSet(thread) ||
      traces.tracer[thread]! >= 0 ||
      signals().state.actions.isUsed(threads.process[thread]!)
    );
  }

  processExited(process: Process): void {
    this.#ports.relations.exited(process.id);
  }

  /** True when the slot has to stay until the tracer has asked. */
  #tellTracer(thread: number, process: number): boolean {
    const { threads, processes, traces, relations } = this.#ports;
    const tracer = traces.tracer[thread]!;
    if (tracer < 0) return false;
    const tracerProcess = threads.process[tracer]!;
    if (threads.tid[thread] === processes.columns.pid[process]) {
      processes.columns.heldFor[process] = tracerProcess;
      traces.clear(thread);
      return false;
    }
    const status = threads.exitStatus[thread]!;
    relations.tellTracer(tracerProcess, thread, SignalCode.CLD_EXITED, (status >>> 8) & 0xff);
    return true;
  }
}
