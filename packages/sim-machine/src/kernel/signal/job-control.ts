import type { StateArena } from '../../base/state-arena.js';
import { ExitWork } from '../exit-work.js';
import type { Placement } from '../placement.js';
import type { ProcessColumns } from '../process/process-columns.js';
import type { ThreadGroups } from '../process/thread-group.js';
import type { Scheduler } from '../scheduler.js';
import { ThreadState } from '../thread-state.js';
import type { ThreadTable } from '../thread-table.js';
import { WaitKind } from '../wait-kind.js';
import type { SignalEffects, SignalTracing } from './signal-effects.js';

/** Parts that stopping works on. */
export interface JobControlPorts {
  readonly arena: StateArena;
  readonly threads: ThreadTable;
  readonly processes: ProcessColumns;
  readonly groups: ThreadGroups;
  readonly scheduler: Scheduler;
  readonly placement: Placement;
  readonly tracing: SignalTracing;
  readonly effects: SignalEffects;
  /** Makes a thread act before it is next in user mode. */
  wake(thread: number): void;
}

/**
 * Stops whole processes and lets them go on.
 *
 * Every thread stops on its own way to user mode; the process is stopped when all have.
 *
 * @source do_signal_stop() and prepare_signal() in kernel/signal.c
 */
export class JobControl {
  readonly #ports: JobControlPorts;
  /** Per thread: 1 while it has to stop with its process. */
  readonly #mustStop: Int32Array;

  constructor(ports: JobControlPorts) {
    this.#ports = ports;
    this.#mustStop = ports.arena.column('thread.mustStop', ports.threads.capacity, 'semantic');
  }

  /** Nothing of an exited thread is left; if it was the last one to stop, the process has. */
  clear(thread: number): void {
    this.#mustStop[thread] = 0;
  }

  /** Whether the thread has to stop with its process before it is next in user mode. */
  mustStop(thread: number): boolean {
    return this.#mustStop[thread] === 1;
  }

  /** A stop signal does what it does by default. */
  stopAll(process: number, signal: number, self: number): void {
    const { processes, groups, threads } = this.#ports;
    processes.stopSignal[process] = signal;
    for (let thread = groups.first(process); thread >= 0; thread = groups.next(process, thread)) {
      const isStopped =
        threads.state[thread] === ThreadState.Stopped && !this.#ports.tracing.isHeld(thread);
      if (isStopped) continue;
      this.#mustStop[thread] = 1;
      if (thread !== self) this.#ports.wake(thread);
    }
  }

  /** The thread stops with its process. */
  stop(thread: number): void {
    const { threads, processes, scheduler, tracing } = this.#ports;
    const process = threads.process[thread]!;
    const signal = processes.stopSignal[process]!;
    this.#mustStop[thread] = 0;
    if (tracing.isTraced(thread)) tracing.stopForGroup(thread, signal);
    else scheduler.block(thread, ThreadState.Stopped, WaitKind.Stop, signal);
    this.noteStopped(process);
  }

  /** Tells the parent if now all threads of a process that is being stopped have stopped. */
  noteStopped(process: number): void {
    const { processes, groups, threads, effects } = this.#ports;
    const signal = processes.stopSignal[process]!;
    if (signal === 0 || processes.threadCount[process] === 0) return;
    for (let thread = groups.first(process); thread >= 0; thread = groups.next(process, thread))
      if (threads.state[thread] !== ThreadState.Stopped || this.#mustStop[thread] === 1) return;
    effects.stopChanged(process, signal, true);
  }

  /** SIGCONT was sent: whatever its action is, the process goes on. */
  continueAll(process: number): void {
    const { processes, groups, effects } = this.#ports;
    const signal = processes.stopSignal[process]!;
    processes.stopSignal[process] = 0;
    for (let thread = groups.first(process); thread >= 0; thread = groups.next(process, thread)) {
      this.#mustStop[thread] = 0;
      this.#resume(thread);
    }
    if (signal !== 0) effects.stopChanged(process, signal, false);
  }

  #resume(thread: number): void {
    const { threads, scheduler, placement, tracing } = this.#ports;
    if (threads.state[thread] !== ThreadState.Stopped || tracing.isHeld(thread)) return;
    threads.exitWork[thread]! |= ExitWork.Signal;
    scheduler.wake(thread, placement.forWakeup(thread, -1), false);
  }
}
