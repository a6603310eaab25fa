import { RegisterFile } from '../../cpu/register-file.js';
import { ExitReason } from '../../isa/exit-reason.js';
import { REGISTER_STRIDE } from '../../isa/register-file.js';
import { ExitWork } from '../exit-work.js';
import type { Placement } from '../placement.js';
import type { Scheduler } from '../scheduler.js';
import type { SignalTracing } from '../signal/signal-effects.js';
import { SignalCode } from '../signal/signal-info.js';
import type { SignalRecord } from '../signal/signal-info.js';
import { SignalNumber } from '../signal/signal-number.js';
import type { Signals } from '../signal/signals.js';
import { ThreadState } from '../thread-state.js';
import type { ThreadTable } from '../thread-table.js';
import { WaitKind } from '../wait-kind.js';
import type { ProcessColumns } from './process-columns.js';
import type { ThreadGroups } from './thread-group.js';
import { TraceFlag } from './trace-table.js';
import type { TraceTable } from './trace-table.js';

/** Above the signal in a stop code: an event that belongs to no signal. @source linux/ptrace.h */
export const PTRACE_EVENT_STOP = 128;

/** Parts that tracing works on. */
export interface TracingPorts {
  readonly table: TraceTable;
  readonly threads: ThreadTable;
  readonly processes: ProcessColumns;
  readonly groups: ThreadGroups;
  readonly scheduler: Scheduler;
  readonly placement: Placement;
  /** Signals; they are made after this part. */
  signals(): Signals;
  /** A traced thread stopped or exited: tells the process of its tracer. */
  tellTracer(process: number, tracee: number, code: number, status: number): void;
  /** Address of a `ret` instruction, where a thread is that has not begun. */
  readonly trampoline: number;
}

/**
 * Threads that stop for a tracer, and go on when it says so.
 *
 * @source ptrace(2), kernel/ptrace.c, ptrace_stop() in kernel/signal.c
 */
export class Tracing implements SignalTracing {
  readonly #ports: TracingPorts;
  readonly #table: TraceTable;

  constructor(ports: TracingPorts) {
    this.#ports = ports;
    const { flags } = (this.#table = ports.table);
    this.isStepping = (thread) => (flags[thread]! & TraceFlag.Stepping) !== 0;
  }

  isTraced(thread: number): boolean {
    return this.#table.tracer[thread]! >= 0;
  }

  isHeld(thread: number): boolean {
    return this.#table.has(thread, TraceFlag.Held);
  }

  /** Whether the thread is to execute one instruction and no more. */
  readonly isStepping: (thread: number) => boolean;

  /** The thread executed the one instruction: SIGTRAP, which cuts no system call short. */
  stepped(thread: number): void {
    const { groups, threads } = this.#ports;
    if (!groups.isAlive(thread) || !this.isStepping(thread)) return;
    const signals = this.#ports.signals();
    const origin = threads.registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!;
    if (threads.state[thread] === ThreadState.Runnable)
      signals.force(thread, SignalNumber.SIGTRAP, SignalCode.TRAP_TRACE, origin);
    else {
      const signal = SignalNumber.SIGTRAP;
      signals.state.ofThreads.add(thread, {
        signal,
        code: SignalCode.TRAP_TRACE,
        origin,
        value: 0,
      });
      threads.exitWork[thread]! |= ExitWork.Signal;
    }
  }

  stopOnRequest(thread: number): boolean {
    if (!this.#table.has(thread, TraceFlag.InterruptRequested)) return false;
    this.#table.remove(thread, TraceFlag.InterruptRequested);
    this.#hold(thread, SignalNumber.SIGTRAP | (PTRACE_EVENT_STOP << 8));
    return true;
  }

  stopForSignal(thread: number, record: Readonly<SignalRecord>): void {
    const table = this.#table;
    table.signal[thread] = record.signal;
    table.code[thread] = record.code;
    table.origin[thread] = record.origin;
    table.value[thread] = record.value;
    this.#hold(thread, record.signal);
  }

  stopForGroup(thread: number, signal: number): void {
    const event = this.#table.has(thread, TraceFlag.Seized) ? PTRACE_EVENT_STOP << 8 : 0;
    this.#hold(thread, signal | event);
  }

  takeInjected(thread: number, into: SignalRecord): boolean {
    const table = this.#table;
    const injected = table.injected[thread]!;
    if (injected === 0) return false;
    const isSame = injected === table.signal[thread];
    into.signal = injected;
    into.code = isSame ? table.code[thread]! : SignalCode.SI_USER;
    into.origin = isSame ? table.origin[thread]! : this.#tracerPid(thread);
    into.value = isSame ? table.value[thread]! : 0;
    table.injected[thread] = 0;
    table.signal[thread] = 0;
    return true;
  }

  /** Attaches a tracer; the thread goes on undisturbed unless it is stopped already. */
  attach(tracee: number, tracer: number, flags: number): void {
    this.#table.begin(tracee, tracer, flags);
    const { threads, processes } = this.#ports;
    if (threads.state[tracee] === ThreadState.Stopped)
      this.stopForGroup(tracee, processes.stopSignal[threads.process[tracee]!]!);
  }

  /** Lets a stopped thread go on, with a signal if it stopped to show one. */
  resume(thread: number, signal: number): void {
    const table = this.#table;
    table.remove(thread, TraceFlag.Held | TraceFlag.Unreported);
    table.injected[thread] = table.signal[thread] === 0 ? 0 : signal;
    if (table.injected[thread] === 0) table.signal[thread] = 0;
    this.#wake(thread);
  }

  /**
   * Takes the tracer away; a stopped thread goes on, unless its process is stopped.
   *
   * @param signal delivered to it, if it stopped to show one
   */
  detach(thread: number, signal: number): void {
    const { threads, processes, signals } = this.#ports;
    const table = this.#table;
    const isHeld = this.isHeld(thread);
    const shown = table.signal[thread]!;
    table.clear(thread);
    if (shown !== 0 && signal !== 0) signals().send(thread, signal);
    if (!isHeld) return;
    if (processes.stopSignal[threads.process[thread]!] === 0) this.#wake(thread);
  }

  /** Asks a thread to stop as soon as it can. */
  requestStop(thread: number): void {
    this.#table.add(thread, TraceFlag.InterruptRequested);
    this.#ports.signals().sender.wake(thread);
  }

  /** A thread exited: those that it traced are let go, or killed. */
  tracerExited(tracer: number): void {
    if (!this.#table.isUsed) return;
    const { groups, threads, signals } = this.#ports;
    for (let thread = 0; thread < threads.highWater; thread++) {
      if (this.#table.tracer[thread] !== tracer) continue;
      const isKilled = this.#table.has(thread, TraceFlag.ExitKill);
      if (!groups.isAlive(thread)) {
        threads.clear(thread);
        this.#table.clear(thread);
        continue;
      }
      this.detach(thread, 0);
      if (isKilled) signals().sendProcess(threads.process[thread]!, SignalNumber.SIGKILL);
    }
  }

  #hold(thread: number, code: number): void {
    const { scheduler, threads, tellTracer } = this.#ports;
    const { registers } = threads;
    const base = thread * REGISTER_STRIDE;
    if (registers[base + RegisterFile.Exit] === ExitReason.Return) {
      registers[base + RegisterFile.Ip] = this.#ports.trampoline;
      registers[base + RegisterFile.Exit] = ExitReason.Budget;
    }
    this.#table.stopCode[thread] = code;
    this.#table.remove(thread, TraceFlag.Stepping);
    this.#table.add(thread, TraceFlag.Held | TraceFlag.Unreported);
    scheduler.block(thread, ThreadState.Stopped, WaitKind.Stop, code);
    const tracer = threads.process[this.#table.tracer[thread]!]!;
    tellTracer(tracer, thread, SignalCode.CLD_TRAPPED, code & 0xff);
  }

  #wake(thread: number): void {
    const { threads, scheduler, placement } = this.#ports;
    threads.exitWork[thread]! |= ExitWork.Signal;
    scheduler.wake(thread, placement.forWakeup(thread, -1), false);
  }

  #tracerPid(thread: number): number {
    const { threads, processes } = this.#ports;
    return processes.pid[threads.process[this.#table.tracer[thread]!]!]!;
  }
}
