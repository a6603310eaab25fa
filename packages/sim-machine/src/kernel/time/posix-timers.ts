import { Errno } from '../../base/errno.js';
import type { StateArena } from '../../base/state-arena.js';
import type { KernelHooks } from '../hooks.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { ThreadTable } from '../thread-table.js';
import { isWaitableClock, TIMER_ABSTIME } from './clock-id.js';
import type { KernelClock } from './kernel-clock.js';
import type { KernelTimers, TimerOwner } from './kernel-timers.js';
import { Sigevent, SigeventNotify } from './sigevent.js';
import { TimerField, TimerRecords } from './timer-records.js';
import { UserTimespec } from './user-timespec.js';

/** Sends the signals of timers; `si_code` is SI_TIMER, `si_value` the value. */
export interface TimerSignalPort {
  /** To a process: any thread that does not block it takes it. */
  toProcess(process: number, signal: number, value: number): void;
  /** To one thread. */
  toThread(thread: number, signal: number, value: number): void;
}

/** Parts that programs' timers work on. */
export interface PosixTimerPorts {
  readonly arena: StateArena;
  readonly threads: ThreadTable;
  readonly clock: KernelClock;
  readonly timers: KernelTimers;
  readonly user: UserMemoryPort;
  readonly signals: TimerSignalPort;
}

/**
 * The interval timers that programs make.
 *
 * A timer's id is its slot in the machine's table. A periodic timer is armed again when it expires,
 * past the present time; expirations in between are not counted (there is no timer_getoverrun).
 *
 * @source timer_create(2), timer_settime(2), timer_delete(2), kernel/time/posix-timers.c
 */
export class PosixTimers implements TimerOwner {
  readonly #ports: PosixTimerPorts;
  readonly #firstTimer: number;
  readonly #timespec: UserTimespec;
  readonly #sigevent: Sigevent;
  readonly #records: TimerRecords;
  readonly #expiryNs: Float64Array;
  readonly #intervalNs: Float64Array;

  /** @param capacity timers of all processes together */
  constructor(ports: PosixTimerPorts, capacity: number) {
    this.#ports = ports;
    this.#firstTimer = ports.threads.capacity;
    this.#timespec = new UserTimespec(ports.user);
    this.#sigevent = new Sigevent(ports.user);
    this.#records = new TimerRecords(ports.arena, capacity);
    this.#expiryNs = new Float64Array(capacity);
    this.#intervalNs = new Float64Array(capacity);
    ports.timers.own(this.#firstTimer, this);
  }

  /** Hooks that delete the timers of a process that ends or executes another program. */
  get hooks(): KernelHooks {
    return {
      reset: () => this.#records.reset(),
      execed: (thread) => this.#deleteAll(this.#ports.threads.process[thread]!),
      addressSpaceTornDown: (process) => this.#deleteAll(process),
    };
  }

  /**
   * Makes a timer and stores its id.
   *
   * @param event address of a struct sigevent, or 0 for SIGALRM to the process
   * @returns 0; -EINVAL for an unknown clock or a bad event; -EAGAIN; -EFAULT
   */
  create(thread: number, clockId: number, event: number, idAddress: number): number {
    const { threads, user } = this.#ports;
    const wanted = this.#sigevent;
    if (event !== 0 && !wanted.read(event)) return -Errno.EFAULT;
    if (!isWaitableClock(clockId)) return -Errno.EINVAL;
    const id = this.#records.freeSlot();
    if (id < 0) return -Errno.EAGAIN;
    if (event === 0) wanted.setDefault(id);
    else if (!wanted.isValid()) return -Errno.EINVAL;
    const process = threads.process[thread]!;
    if (wanted.notify === SigeventNotify.ThreadId && this.#threadOf(process, wanted.tid) < 0)
      return -Errno.EINVAL;
    user.put32(idAddress, id);
    if (user.failed) return -Errno.EFAULT;
    const records = this.#records;
    records.set(id, TimerField.Owner, process + 1);
    records.set(id, TimerField.Clock, clockId);
    records.set(id, TimerField.Notify, wanted.notify);
    records.set(id, TimerField.Signal, wanted.signal);
    records.set(id, TimerField.Value, wanted.value);
    records.set(id, TimerField.Tid, wanted.tid);
    return 0;
  }

  /**
   * Starts a timer anew, or stops it (an expiry of 0).
   *
   * @param newAddress address of a struct itimerspec: interval, then expiry
   * @param oldAddress where to store what was set, or 0
   * @returns 0; -EINVAL for no such timer, no new value or times that are none; -EFAULT
   */
  setTime(
    thread: number,
    id: number,
    flags: number,
    newAddress: number,
    oldAddress: number,
  ): number {
    if (newAddress === 0) return -Errno.EINVAL;
    const { clock, timers, threads } = this.#ports;
    const intervalError = this.#timespec.read(newAddress);
    const intervalNs = this.#timespec.durationNs();
    const expiryError = this.#timespec.read(newAddress + 8);
    if (intervalError === -Errno.EFAULT) return intervalError;
    if (expiryError < 0) return expiryError;
    if (intervalError < 0) return intervalError;
    if (!this.#owns(thread, id)) return -Errno.EINVAL;
    const cpu = threads.cpu[thread]!;
    const now = clock.nowNs(cpu);
    const oldIntervalNs = this.#intervalNs[id]!;
    const oldRemainingNs = this.#remainingNs(id, now);
    const durationNs = this.#timespec.durationNs();
    const absolute = (flags & TIMER_ABSTIME) !== 0;
    timers.cancel(this.#firstTimer + id);
    this.#records.set(id, TimerField.Active, durationNs === 0 ? 0 : 1);
    this.#intervalNs[id] = durationNs === 0 ? 0 : intervalNs;
    this.#expiryNs[id] = absolute
      ? this.#timespec.sinceStartNs(this.#records.get(id, TimerField.Clock))
      : now + durationNs;
    if (durationNs !== 0) this.#arm(id, cpu);
    return oldAddress === 0 ? 0 : this.#write(oldAddress, oldIntervalNs, oldRemainingNs);
  }

  /** Stores interval and time to the next expiration; 0, -EINVAL for no such timer, or -EFAULT. */
  getTime(thread: number, id: number, address: number): number {
    if (!this.#owns(thread, id)) return -Errno.EINVAL;
    const { clock, threads } = this.#ports;
    const remainingNs = this.#remainingNs(id, clock.nowNs(threads.cpu[thread]!));
    return this.#write(address, this.#intervalNs[id]!, remainingNs);
  }

  /** Deletes a timer; 0, or -EINVAL for no such timer. */
  delete(thread: number, id: number): number {
    if (!this.#owns(thread, id)) return -Errno.EINVAL;
    this.#free(id);
    return 0;
  }

  expired(id: number): void {
    const { clock, signals } = this.#ports;
    const records = this.#records;
    const intervalNs = this.#intervalNs[id]!;
    if (intervalNs > 0) {
      const lateNs = Math.floor(clock.actingCycles() * clock.nsPerCycle) - this.#expiryNs[id]!;
      this.#expiryNs[id]! += intervalNs * (Math.max(Math.floor(lateNs / intervalNs), 0) + 1);
      this.#arm(id, this.#ports.timers.cpuOf(this.#firstTimer + id));
    } else records.set(id, TimerField.Active, 0);
    const process = records.get(id, TimerField.Owner) - 1;
    const signal = records.get(id, TimerField.Signal);
    const value = records.get(id, TimerField.Value);
    if (records.get(id, TimerField.Notify) !== SigeventNotify.ThreadId) {
      signals.toProcess(process, signal, value);
      return;
    }
    const target = this.#threadOf(process, records.get(id, TimerField.Tid));
    if (target >= 0) signals.toThread(target, signal, value);
  }

  #arm(id: number, cpu: number): void {
    if (!this.#notifies(id)) return;
    const { clock, timers } = this.#ports;
    timers.arm(this.#firstTimer + id, cpu, clock.cyclesAt(Math.max(this.#expiryNs[id]!, 0)));
  }

  /** Time to the next expiration; 0 exactly when there is none. @source common_timer_get() */
  #remainingNs(id: number, now: number): number {
    if (this.#records.get(id, TimerField.Active) === 0) return 0;
    const remaining = this.#expiryNs[id]! - now;
    if (remaining > 0) return remaining;
    if (this.#notifies(id)) return 1;
    const intervalNs = this.#intervalNs[id]!;
    return intervalNs === 0 ? 0 : intervalNs - (-remaining % intervalNs);
  }

  #write(address: number, intervalNs: number, remainingNs: number): number {
    const error = this.#timespec.write(address, intervalNs);
    return error < 0 ? error : this.#timespec.write(address + 8, remainingNs);
  }

  #owns(thread: number, id: number): boolean {
    const process = this.#ports.threads.process[thread]!;
    return this.#isValid(id) && this.#records.get(id, TimerField.Owner) === process + 1;
  }

  #threadOf(process: number, tid: number): number {
    const thread = this.#ports.threads.find(tid);
    return thread >= 0 && this.#ports.threads.process[thread] === process ? thread : -1;
  }

  #notifies(id: number): boolean {
    return this.#records.get(id, TimerField.Notify) !== SigeventNotify.None;
  }

  #isValid(id: number): boolean {
    return id >= 0 && id < this.#records.capacity;
  }

  #free(id: number): void {
    this.#ports.timers.cancel(this.#firstTimer + id);
    this.#records.clear(id);
    this.#expiryNs[id] = 0;
    this.#intervalNs[id] = 0;
  }

  #deleteAll(process: number): void {
    if (this.#records.count === 0) return;
    for (let id = 0; id < this.#records.capacity; id++)
      if (this.#records.get(id, TimerField.Owner) === process + 1) this.#free(id);
  }
}
