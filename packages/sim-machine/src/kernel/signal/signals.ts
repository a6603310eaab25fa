import type { StateArena } from '../../base/state-arena.js';
import type { CpuTable } from '../../cpu/cpu-table.js';
import type { MachineEvents } from '../../observe/machine-events.js';
import type { HookPoints, KernelHooks } from '../hooks.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { MarkedCpus } from '../marked-cpus.js';
import type { Placement } from '../placement.js';
import type { ProcessColumns } from '../process/process-columns.js';
import type { ThreadGroups } from '../process/thread-group.js';
import type { Scheduler } from '../scheduler.js';
import type { Sleeps } from '../sleeps.js';
import type { Thread } from '../thread.js';
import type { ThreadTable } from '../thread-table.js';
import type { KernelClock } from '../time/kernel-clock.js';
import { InterruptedSyscalls } from './interrupted-syscalls.js';
import { JobControl } from './job-control.js';
import { SignalDelivery } from './signal-delivery.js';
import type { SignalCost } from './signal-delivery.js';
import type { SignalEffects, SignalTracing } from './signal-effects.js';
import { SignalFrames } from './signal-frame.js';
import { SignalCode } from './signal-info.js';
import { SignalSender } from './signal-sender.js';
import { SignalStacks } from './signal-stack.js';
import { SignalState } from './signal-state.js';
import { SignalWaits } from './signal-waits.js';

/** Parts that signals work on. */
export interface SignalsPorts {
  readonly arena: StateArena;
  readonly threads: ThreadTable;
  readonly cpus: CpuTable;
  readonly processes: ProcessColumns;
  readonly objects: readonly Thread[];
  readonly groups: ThreadGroups;
  readonly scheduler: Scheduler;
  readonly placement: Placement;
  readonly marked: MarkedCpus;
  readonly sleeps: Sleeps;
  readonly clock: KernelClock;
  readonly hooks: HookPoints;
  readonly events: MachineEvents;
  readonly user: UserMemoryPort;
  readonly tracing: SignalTracing;
  readonly effects: SignalEffects;
  readonly cost: SignalCost;
  /** Address of a `ret` instruction. */
  readonly trampoline: number;
}

/**
 * Signals, put together: what the kernel's exit path, system calls, timers and decisions use.
 *
 * @source signal(7)
 */
export class Signals {
  /** What is pending, blocked, and to be done. */
  readonly state: SignalState;
  /** Makes signals pending. */
  readonly sender: SignalSender;
  /** Stops processes and lets them go on. */
  readonly jobs: JobControl;
  /** Alternate stacks. */
  readonly stacks: SignalStacks;
  /** Sleeping until a signal comes. */
  readonly waits: SignalWaits;
  /** System calls that signals cut short. */
  readonly syscalls: InterruptedSyscalls;
  readonly #delivery: SignalDelivery;
  readonly #ports: SignalsPorts;

  constructor(ports: SignalsPorts) {
    const { arena, threads, processes, sleeps, user } = ports;
    this.#ports = ports;
    const state = (this.state = new SignalState(arena, threads, processes));
    const syscalls = (this.syscalls = new InterruptedSyscalls(arena, threads, sleeps));
    const jobs = (this.jobs = new JobControl({
      ...ports,
      wake: (thread) => {
        this.sender.wake(thread);
      },
    }));
    const stacks = (this.stacks = new SignalStacks(arena, threads, user));
    const { leader } = processes;
    const sender = (this.sender = new SignalSender({ ...ports, state, syscalls, jobs, leader }));
    this.waits = new SignalWaits({ ...ports, state, sender, syscalls });
    const frames = new SignalFrames(threads.registers, user);
    this.#delivery = new SignalDelivery({
      ...ports,
      state,
      sender,
      syscalls,
      jobs,
      stacks,
      frames,
    });
  }

  /** Hooks that keep signals and threads together. */
  get hooks(): KernelHooks {
    return { reset: () => this.state.actions.reset() };
  }

  /** Nothing of an exited thread is left. */
  clearThread(thread: number): void {
    this.state.clearThread(thread);
    this.syscalls.clear(thread);
    this.jobs.clear(thread);
    this.stacks.clear(thread);
  }

  /** Does what signals want of the thread that goes to user mode; called in its context. */
  deliver(thread: number): void {
    this.#delivery.deliver(thread);
  }

  /** A handler returned. */
  sigreturn(thread: number): void {
    this.#delivery.sigreturn(thread);
  }

  /**
   * Sends a signal that the thread's own instruction caused, which it cannot block.
   *
   * @param code a {@link SignalCode} above 0
   * @param origin the address
   */
  force(thread: number, signal: number, code: number = SignalCode.SI_KERNEL, origin = 0): void {
    this.sender.force(thread, { signal, code, origin, value: 0 });
  }

  /** Sends a signal to one thread, as tgkill from outside of the machine would. */
  send(thread: number, signal: number): void {
    this.sender.toThread(thread, { signal, code: SignalCode.SI_TKILL, origin: 0, value: 0 });
  }

  /** Sends a signal to a process, as kill from outside of the machine would. */
  sendProcess(process: number, signal: number): void {
    this.sender.toProcess(process, { signal, code: SignalCode.SI_USER, origin: 0, value: 0 });
  }

  /** A timer of the process expired. */
  toProcess(process: number, signal: number, value: number): void {
    this.sender.toProcess(process, { signal, code: SignalCode.SI_TIMER, origin: 0, value });
  }

  /** A timer for the thread expired. */
  toThread(thread: number, signal: number, value: number): void {
    this.sender.toThread(thread, { signal, code: SignalCode.SI_TIMER, origin: 0, value });
  }

  /** Whether something keeps the thread from going on in user mode, or from sleeping. */
  hasPending(thread: number): boolean {
    return this.state.hasDeliverable(thread) || this.jobs.mustStop(thread);
  }

  /** Whether a signal sent to the thread from outside would change anything. */
  wouldNotice(thread: number, signal: number): boolean {
    return this.sender.isNoticed(thread, signal);
  }

  /** The forked process has the actions, and its thread mask and alternate stack of the parent. */
  fork(parent: number, child: number): void {
    const { process } = this.#ports.threads;
    this.state.actions.copy(process[parent]!, process[child]!);
    this.inheritMask(parent, child);
    this.stacks.copy(parent, child);
  }

  /** A new thread blocks what its creator blocks. */
  inheritMask(parent: number, child: number): void {
    const { masks } = this.state;
    masks.low[child] = masks.low[parent]!;
    masks.high[child] = masks.high[parent]!;
  }

  /** exec takes handlers and the alternate stack away. */
  exec(thread: number): void {
    this.state.actions.exec(this.#ports.threads.process[thread]!);
    this.stacks.clear(thread);
  }
}
