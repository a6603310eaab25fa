import type { CpuTable } from '../../cpu/cpu-table.js';
import type { MachineEvents, SignalEventAction } from '../../observe/machine-events.js';
import { ExitWork } from '../exit-work.js';
import type { MarkedCpus } from '../marked-cpus.js';
import { killedStatus } from '../process/wait-status.js';
import type { ThreadGroups } from '../process/thread-group.js';
import { ThreadState } from '../thread-state.js';
import type { ThreadTable } from '../thread-table.js';
import { defaultAction, DefaultAction, dumpsCore } from './default-action.js';
import type { InterruptedSyscalls } from './interrupted-syscalls.js';
import type { JobControl } from './job-control.js';
import { SIG_DFL } from './signal-action.js';
import type { SignalEffects, SignalTracing } from './signal-effects.js';
import type { SignalRecord } from './signal-info.js';
import { SignalNumber } from './signal-number.js';
import { holds, lowBit, STOP_LOW } from './signal-set.js';
import type { SignalState } from './signal-state.js';

/** Parts that sending works on. */
export interface SignalSenderPorts {
  readonly state: SignalState;
  readonly threads: ThreadTable;
  readonly cpus: CpuTable;
  readonly groups: ThreadGroups;
  readonly marked: MarkedCpus;
  readonly syscalls: InterruptedSyscalls;
  readonly jobs: JobControl;
  readonly tracing: SignalTracing;
  readonly effects: SignalEffects;
  readonly events: MachineEvents;
  /** The leader of a process, or a negative number. */
  readonly leader: Int32Array;
}

/**
 * Makes signals pending and tells the threads that have to act.
 *
 * A signal that ends the process does so at once, without waiting until its threads have a CPU: a
 * killed thread executes nothing any more on Linux either.
 *
 * @source __send_signal_locked(), prepare_signal() and complete_signal() in kernel/signal.c
 */
export class SignalSender {
  readonly #ports: SignalSenderPorts;

  constructor(ports: SignalSenderPorts) {
    this.#ports = ports;
  }

  /**
   * Sends a signal to one thread.
   *
   * @returns false when an instance of a real-time signal could not be queued
   */
  toThread(thread: number, record: Readonly<SignalRecord>): boolean {
    const process = this.#ports.threads.process[thread]!;
    if (!this.#prepare(process, thread, record, false)) return true;
    const isQueued = this.#ports.state.ofThreads.add(thread, record);
    this.#complete(process, this.#wants(thread, record.signal) ? thread : -1, record);
    return isQueued;
  }

  /**
   * Sends a signal to a process: any thread that admits it acts, the leader rather than others.
   *
   * @returns false when an instance of a real-time signal could not be queued
   */
  toProcess(process: number, record: Readonly<SignalRecord>): boolean {
    const { groups, state } = this.#ports;
    const first = this.#leaderOf(process);
    if (first < 0) return true;
    if (!this.#prepare(process, first, record, true)) return true;
    const isQueued = state.ofProcesses.add(process, record);
    let target = this.#wants(first, record.signal) ? first : -1;
    for (let thread = groups.first(process); target < 0 && thread >= 0;)
      if (this.#wants(thread, record.signal)) target = thread;
      else thread = groups.next(process, thread);
    this.#complete(process, target, record);
    return isQueued;
  }

  /**
   * Sends a signal that the thread cannot block, ignore or, having blocked it, handle.
   *
   * @source force_sig_info_to_task()
   */
  force(thread: number, record: Readonly<SignalRecord>): void {
    const { state, threads } = this.#ports;
    const process = threads.process[thread]!;
    const { signal } = record;
    const isBlocked = state.masks.blocks(thread, signal);
    if (isBlocked || state.actions.isIgnored(process, signal)) {
      state.actions.resetHandler(process, signal);
      state.masks.unblock(thread, signal);
    }
    this.#announce(thread, record, 'sent');
    state.ofThreads.add(thread, record);
    this.wake(thread);
  }

  /** Makes a thread act on its signals before it is next in user mode. */
  wake(thread: number): void {
    const { threads, cpus, marked, syscalls } = this.#ports;
    threads.exitWork[thread]! |= ExitWork.Signal;
    const cpu = threads.cpu[thread]!;
    if (cpu >= 0 && cpus.current[cpu] === thread) marked.mark(cpu);
    else syscalls.interrupt(thread);
  }

  /** Replaces the blocked set of a thread; the thread acts on what is unblocked by it. */
  setMask(thread: number, low: number, high: number): void {
    const { state, threads } = this.#ports;
    const { masks } = state;
    this.#retarget(thread, low & ~masks.low[thread]!, high & ~masks.high[thread]!);
    masks.low[thread] = low & ~(lowBit(SignalNumber.SIGKILL) | lowBit(SignalNumber.SIGSTOP));
    masks.high[thread] = high;
    if (state.hasDeliverable(thread)) threads.exitWork[thread]! |= ExitWork.Signal;
  }

  /** Whether a signal sent to the thread now would change anything. */
  isNoticed(thread: number, signal: number): boolean {
    const { groups, state, threads } = this.#ports;
    if (!groups.isAlive(thread)) return false;
    if (state.ofThreads.has(thread, signal) && signal < SignalNumber.SIGRTMIN) return false;
    if (signal === SignalNumber.SIGCONT || this.#isTraced(thread)) return true;
    return (
      state.masks.admits(thread, signal) &&
      !state.actions.isIgnored(threads.process[thread]!, signal)
    );
  }

  /** Does what happens whether the signal is ignored or not; false when it is. */
  #prepare(
    process: number,
    thread: number,
    record: Readonly<SignalRecord>,
    toProcess: boolean,
  ): boolean {
    const { state, jobs, groups } = this.#ports;
    const { signal } = record;
    if (holds(STOP_LOW, 0, signal)) {
      state.ofProcesses.flush(process, SignalNumber.SIGCONT);
      for (let other = groups.first(process); other >= 0; other = groups.next(process, other))
        state.ofThreads.flush(other, SignalNumber.SIGCONT);
    } else if (signal === SignalNumber.SIGCONT) {
      state.ofProcesses.flushLow(process, STOP_LOW);
      for (let other = groups.first(process); other >= 0; other = groups.next(process, other))
        state.ofThreads.flushLow(other, STOP_LOW);
      jobs.continueAll(process);
    }
    const isIgnored =
      signal !== SignalNumber.SIGKILL &&
      !state.masks.blocks(thread, signal) &&
      !this.#isTraced(thread) &&
      state.actions.isIgnored(process, signal);
    this.#announce(thread, record, isIgnored ? 'ignored' : 'sent', { toProcess });
    return !isIgnored;
  }

  /** Whether the thread would be the one to act. @source wants_signal() */
  #wants(thread: number, signal: number): boolean {
    const { state, threads, cpus } = this.#ports;
    if (!state.masks.admits(thread, signal)) return false;
    if (signal === SignalNumber.SIGKILL) return true;
    if (threads.state[thread] === ThreadState.Stopped) return false;
    const cpu = threads.cpu[thread]!;
    const isRunning = cpu >= 0 && cpus.current[cpu] === thread;
    return isRunning || (threads.exitWork[thread]! & ExitWork.Signal) === 0;
  }

  #complete(process: number, target: number, record: Readonly<SignalRecord>): void {
    if (target < 0) return;
    const { signal } = record;
    const { effects } = this.#ports;
    if (!this.#endsProcess(process, target, signal)) {
      this.wake(target);
      return;
    }
    this.#announce(target, record, 'default', { isDelivery: true });
    effects.terminate(process, killedStatus(signal));
  }

  #endsProcess(process: number, thread: number, signal: number): boolean {
    if (signal === SignalNumber.SIGKILL) return true;
    const { state } = this.#ports;
    return (
      state.actions.handler(process, signal) === SIG_DFL &&
      defaultAction(signal) === DefaultAction.Terminate &&
      !dumpsCore(signal) &&
      !state.masks.blocks(thread, signal) &&
      !this.#isTraced(thread)
    );
  }

  /** A thread begins to block signals that it was told of: others that do not have to act. */
  #retarget(thread: number, low: number, high: number): void {
    const { state, threads, groups } = this.#ports;
    const process = threads.process[thread]!;
    const newLow = low & state.ofProcesses.low[process]!;
    const newHigh = high & state.ofProcesses.high[process]!;
    if ((newLow | newHigh) === 0) return;
    for (let other = groups.first(process); other >= 0; other = groups.next(process, other)) {
      const { masks } = state;
      const admits = (newLow & ~masks.low[other]!) | (newHigh & ~masks.high[other]!);
      if (other !== thread && admits !== 0 && threads.state[other] !== ThreadState.Stopped)
        this.wake(other);
    }
  }

  #leaderOf(process: number): number {
    const { leader, groups } = this.#ports;
    const slot = leader[process]!;
    return slot >= 0 ? slot : groups.first(process);
  }

  #isTraced(thread: number): boolean {
    return this.#ports.tracing.isTraced(thread);
  }

  #announce(
    thread: number,
    { signal, code }: Readonly<SignalRecord>,
    action: SignalEventAction,
    { toProcess = false, isDelivery = false } = {},
  ): void {
    const { events, state, threads } = this.#ports;
    if (!events.wanted.signal) return;
    const process = threads.process[thread]!;
    const handler = state.actions.handler(process, signal);
    const flags = state.actions.flags(process, signal);
    events.emit('signal', { thread, signal, action, code, isDelivery, toProcess, handler, flags });
  }
}
