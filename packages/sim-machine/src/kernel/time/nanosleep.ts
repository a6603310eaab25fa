import { Errno } from '../../base/errno.js';
import type { StateArena } from '../../base/state-arena.js';
import { ExitWork } from '../exit-work.js';
import type { KernelHooks } from '../hooks.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import { RestartCode } from '../restart-code.js';
import { SleepEnd } from '../sleeps.js';
import type { SleepOwner, Sleeps } from '../sleeps.js';
import type { ThreadTable } from '../thread-table.js';
import { WaitKind } from '../wait-kind.js';
import { ClockId, isWaitableClock, TIMER_ABSTIME } from './clock-id.js';
import type { KernelClock } from './kernel-clock.js';
import { UserTimespec } from './user-timespec.js';

/** Parts that sleeping for a time works on. */
export interface NanosleepPorts {
  readonly arena: StateArena;
  readonly threads: ThreadTable;
  readonly clock: KernelClock;
  readonly sleeps: Sleeps;
  readonly user: UserMemoryPort;
}

/**
 * Sleeping for a time.
 *
 * A sleep that a signal cuts short tells how much of it was left. That is written to the memory of
 * the sleeper, so it has to wait until the sleeper is on its way to user mode.
 *
 * @source nanosleep(2), clock_nanosleep(2), kernel/time/hrtimer.c (without timer slack)
 */
export class Nanosleep implements SleepOwner {
  readonly #ports: NanosleepPorts;
  readonly #timespec: UserTimespec;
  /** Where the sleeper wants to know what was left; 0 for nowhere. */
  readonly #remainderAddress: Int32Array;
  /** What was left, in ns; -1 while there is nothing to write. */
  readonly #remainderNs: Float64Array;
  /** Whether there was anything to write in this run. */
  #hasRemainders = false;

  constructor(ports: NanosleepPorts) {
    this.#ports = ports;
    this.#timespec = new UserTimespec(ports.user);
    const { capacity } = ports.threads;
    this.#remainderAddress = ports.arena.column('nanosleep.remainder', capacity, 'semantic');
    this.#remainderNs = new Float64Array(capacity).fill(-1);
    ports.sleeps.own(WaitKind.Sleep, this);
  }

  /** Hooks that keep sleeps and threads together. */
  get hooks(): KernelHooks {
    return {
      reset: () => {
        if (this.#hasRemainders) this.#remainderNs.fill(-1);
        this.#hasRemainders = false;
      },
      exited: (thread) => this.#forget(thread),
    };
  }

  /**
   * Sleeps for a time.
   *
   * @returns 0; -EFAULT; -EINVAL for a negative time or too many nanoseconds; interrupted: -EINTR,
   *   and what was left at `remainder` unless that is 0
   * @source nanosleep(2)
   */
  nanosleep(thread: number, request: number, remainder: number): number {
    return this.clockNanosleep(thread, ClockId.Monotonic, 0, request, remainder);
  }

  /**
   * Sleeps for a time, or until one (`TIMER_ABSTIME`).
   *
   * @returns 0, at once for a time in the past; -EINVAL for an unknown clock as well
   * @source clock_nanosleep(2)
   */
  clockNanosleep(
    thread: number,
    clockId: number,
    flags: number,
    request: number,
    remainder: number,
  ): number {
    const { clock, sleeps, threads } = this.#ports;
    const kept = sleeps.takeDeadline(thread);
    if (!isWaitableClock(clockId)) return -Errno.EINVAL;
    const error = this.#timespec.read(request);
    if (error < 0) return error;
    const absolute = (flags & TIMER_ABSTIME) !== 0;
    const now = clock.nowNs(threads.cpu[thread]!);
    const untilNs = absolute
      ? this.#timespec.sinceStartNs(clockId)
      : now + this.#timespec.durationNs();
    if (absolute && untilNs <= now) return 0;
    const deadline = kept >= 0 ? kept : clock.cyclesAt(untilNs);
    this.#remainderAddress[thread] = absolute ? 0 : remainder;
    return sleeps.sleep(thread, WaitKind.Sleep, absolute ? 1 : 0, deadline);
  }

  ended(thread: number, end: SleepEnd): number {
    if (end !== SleepEnd.Signal) return 0;
    const { threads } = this.#ports;
    if (threads.waitKey[thread] === 1) return -RestartCode.NoHandler;
    this.#noteRemainder(thread);
    return -RestartCode.Block;
  }

  #noteRemainder(thread: number): void {
    if (this.#remainderAddress[thread] === 0) return;
    const { clock, sleeps, threads } = this.#ports;
    const leftCycles = Math.max(sleeps.deadlineCycles(thread) - clock.actingCycles(), 0);
    this.#hasRemainders = true;
    this.#remainderNs[thread] = Math.ceil(leftCycles * clock.nsPerCycle);
    threads.exitWork[thread]! |= ExitWork.NotifyResume | ExitWork.SleepRemainder;
  }

  /** Writes what was left of the sleep of a thread that goes to user mode. */
  writeRemainder(thread: number): void {
    const ns = this.#remainderNs[thread]!;
    if (ns < 0) return;
    this.#timespec.write(this.#remainderAddress[thread]!, ns);
    this.#forget(thread);
  }

  #forget(thread: number): void {
    this.#remainderAddress[thread] = 0;
    this.#remainderNs[thread] = -1;
  }
}
