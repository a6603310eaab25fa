import type { StateArena } from '../base/state-arena.js';
import { Errno } from '../base/errno.js';
import type { KernelHooks } from './hooks.js';
import type { Placement } from './placement.js';
import type { Scheduler } from './scheduler.js';
import { SLEEPING } from './syscalls/syscall-table.js';
import { ThreadState } from './thread-state.js';
import type { ThreadTable } from './thread-table.js';
import type { KernelTimers, TimerOwner } from './time/kernel-timers.js';
import type { WaitKind } from './wait-kind.js';

/** Why a sleep ends other than by what it waited for. */
export const SleepEnd = {
  /** Its deadline has passed. */
  Timeout: 0,
  /** A signal, which the thread gets before it is in user mode again. */
  Signal: 1,
  /** No reason. */
  Spurious: 2,
  /** The thread is exiting: there is no system call to return from. */
  Exit: 3,
} as const;

/** One of {@link SleepEnd}. */
export type SleepEnd = (typeof SleepEnd)[keyof typeof SleepEnd];

/** The part of the kernel in which a thread sleeps. */
export interface SleepOwner {
  /**
   * Forgets that the thread waits.
   *
   * @returns what its system call returns: a negative errno or restart code, or 0
   */
  ended(thread: number, end: SleepEnd): number;
}

/** Parts that sleeping works on. */
export interface SleepPorts {
  readonly arena: StateArena;
  readonly threads: ThreadTable;
  readonly scheduler: Scheduler;
  readonly placement: Placement;
  readonly timers: KernelTimers;
}

const WAIT_KINDS = 16;

/**
 * Puts threads to sleep in system calls, and ends their sleeps.
 *
 * A sleep ends exactly once: by {@link wake}, because what it waited for has come, or through its
 * owner: at its deadline, by a signal, spuriously, at exit. Each thread has one timer, of its own
 * number, for the deadline.
 */
export class Sleeps implements TimerOwner {
  readonly #ports: SleepPorts;
  readonly #owners = new Array<SleepOwner | undefined>(WAIT_KINDS).fill(undefined);
  readonly #deadlineCycles: Float64Array;
  readonly #keepsDeadline: Int32Array;

  constructor(ports: SleepPorts) {
    this.#ports = ports;
    this.#deadlineCycles = new Float64Array(ports.threads.capacity);
    const { capacity } = ports.threads;
    this.#keepsDeadline = ports.arena.column('sleep.keepsDeadline', capacity, 'semantic');
    ports.timers.own(0, this);
  }

  /** Hooks that keep sleeps and threads together. */
  get hooks(): KernelHooks {
    return { exited: (thread) => this.#exited(thread) };
  }

  /** Says who knows how sleeps of a kind end. */
  own(kind: WaitKind, owner: SleepOwner): void {
    this.#owners[kind] = owner;
  }

  /**
   * The running thread sleeps in its system call.
   *
   * @param key what it waits for, for reports
   * @param deadlineCycles when it stops waiting; Infinity for never
   * @returns SLEEPING, which the system call returns in turn
   */
  sleep(thread: number, kind: WaitKind, key: number, deadlineCycles: number): number {
    const { scheduler, timers, threads } = this.#ports;
    this.#deadlineCycles[thread] = deadlineCycles;
    if (deadlineCycles !== Infinity) timers.arm(thread, threads.cpu[thread]!, deadlineCycles);
    scheduler.block(thread, ThreadState.Interruptible, kind, key);
    return SLEEPING;
  }

  /**
   * What a thread waited for has come; its owner has forgotten it already.
   *
   * @param result what its system call returns
   * @param waker the thread that wakes it, or -1
   */
  wake(thread: number, result: number, waker: number): void {
    const { scheduler, timers, placement } = this.#ports;
    timers.cancel(thread);
    scheduler.complete(thread, result);
    scheduler.wake(thread, placement.forWakeup(thread, waker), false);
  }

  /**
   * Ends the sleep of a thread that sleeps interruptibly.
   *
   * @returns false, with nothing done, when it does not
   */
  end(thread: number, end: SleepEnd): boolean {
    const { threads } = this.#ports;
    if (threads.state[thread] !== ThreadState.Interruptible) return false;
    const owner = this.#owners[threads.waitKind[thread]!];
    this.wake(thread, owner?.ended(thread, end) ?? -Errno.EINTR, -1);
    return true;
  }

  expired(thread: number): void {
    this.end(thread, SleepEnd.Timeout);
  }

  /** When the sleep that a thread is in, or was in last, is to end at the latest. */
  deadlineCycles(thread: number): number {
    return this.#deadlineCycles[thread]!;
  }

  /** The thread's system call is about to be restarted and has the deadline it had. */
  keepDeadline(thread: number): void {
    this.#keepsDeadline[thread] = 1;
  }

  /** The deadline of a system call that was restarted, once; -1 in one that was not. */
  takeDeadline(thread: number): number {
    if (this.#keepsDeadline[thread] === 0) return -1;
    this.#keepsDeadline[thread] = 0;
    return this.#deadlineCycles[thread]!;
  }

  #exited(thread: number): void {
    const { threads, timers } = this.#ports;
    timers.cancel(thread);
    this.#keepsDeadline[thread] = 0;
    if (threads.state[thread] === ThreadState.Interruptible)
      this.#owners[threads.waitKind[thread]!]?.ended(thread, SleepEnd.Exit);
  }
}
