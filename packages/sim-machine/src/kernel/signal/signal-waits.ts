import { Errno } from '../../base/errno.js';
import { REGISTER_STRIDE } from '../../isa/register-file.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import { RestartCode } from '../restart-code.js';
import { SleepEnd } from '../sleeps.js';
import type { SleepOwner, Sleeps } from '../sleeps.js';
import type { ThreadTable } from '../thread-table.js';
import type { KernelClock } from '../time/kernel-clock.js';
import { UserTimespec } from '../time/user-timespec.js';
import { WaitKind } from '../wait-kind.js';
import type { InterruptedSyscalls, LookingSyscall } from './interrupted-syscalls.js';
import { writeSignalInfo } from './signal-info.js';
import type { SignalRecord } from './signal-info.js';
import type { SignalSender } from './signal-sender.js';
import { UNBLOCKABLE_LOW } from './signal-set.js';
import type { SignalState } from './signal-state.js';

/** Parts that waiting for signals works on. */
export interface SignalWaitPorts {
  readonly threads: ThreadTable;
  readonly state: SignalState;
  readonly sender: SignalSender;
  readonly sleeps: Sleeps;
  readonly syscalls: InterruptedSyscalls;
  readonly clock: KernelClock;
  readonly user: UserMemoryPort;
}

/** Sleeping until a signal comes: pause, rt_sigsuspend, rt_sigtimedwait. */
export class SignalWaits implements SleepOwner, LookingSyscall {
  readonly #ports: SignalWaitPorts;
  readonly #timespec: UserTimespec;
  readonly #record: SignalRecord = { signal: 0, code: 0, origin: 0, value: 0 };

  constructor(ports: SignalWaitPorts) {
    this.#ports = ports;
    this.#timespec = new UserTimespec(ports.user);
    ports.sleeps.own(WaitKind.Signal, this);
    ports.syscalls.register(WaitKind.Signal, this);
  }

  /** Sleeps until a handler has run: always -EINTR. @source pause(2) */
  pause(thread: number): number {
    return this.#ports.sleeps.sleep(thread, WaitKind.Signal, 0, Infinity);
  }

  /** As {@link pause}, with another mask meanwhile. @source sigsuspend(2) */
  suspend(thread: number, low: number, high: number): number {
    const { state, sender, syscalls } = this.#ports;
    state.masks.save(thread);
    sender.setMask(thread, low, high);
    if (state.hasDeliverable(thread)) return syscalls.cutShort(thread, -RestartCode.NoHandler);
    return this.pause(thread);
  }

  /**
   * Takes a pending signal of a set, or sleeps until one comes.
   *
   * @param infoAddress where its siginfo goes; 0 for nowhere
   * @param timeoutAddress 0 for no limit
   * @returns the signal; -EAGAIN when the time is over; -EINTR; -EFAULT; -EINVAL for a bad time
   * @source sigtimedwait(2)
   */
  timedWait(
    thread: number,
    low: number,
    high: number,
    infoAddress: number,
    timeoutAddress: number,
  ): number {
    const { state, sleeps, clock, threads } = this.#ports;
    let deadline = Infinity;
    if (timeoutAddress !== 0) {
      const error = this.#timespec.read(timeoutAddress);
      if (error < 0) return error;
      const duration = this.#timespec.durationNs();
      const now = clock.nowNs(threads.cpu[thread]!);
      deadline = duration === 0 ? 0 : clock.cyclesAt(now + duration);
    }
    const { awaitedLow, awaitedHigh } = state.masks;
    awaitedLow[thread] = low & ~UNBLOCKABLE_LOW;
    awaitedHigh[thread] = high;
    const signal = this.#take(thread, infoAddress);
    if (signal === 0 && deadline !== 0) return sleeps.sleep(thread, WaitKind.Signal, 0, deadline);
    this.#forget(thread);
    return signal === 0 ? -Errno.EAGAIN : signal;
  }

  ended(thread: number, end: SleepEnd): number {
    const { syscalls, state } = this.#ports;
    if (end === SleepEnd.Exit) return 0;
    const { awaitedLow, awaitedHigh } = state.masks;
    if ((awaitedLow[thread]! | awaitedHigh[thread]!) === 0 && end === SleepEnd.Signal)
      return -RestartCode.NoHandler;
    syscalls.look(thread, WaitKind.Signal);
    return end === SleepEnd.Timeout ? -Errno.EAGAIN : -Errno.EINTR;
  }

  lookAgain(thread: number): number {
    const base = thread * REGISTER_STRIDE;
    const { registers } = this.#ports.threads;
    const signal = this.#take(thread, registers[base + 2]!);
    this.#forget(thread);
    return signal === 0 ? registers[base]! : signal;
  }

  /** Takes an awaited signal and writes its siginfo: the signal, 0 for none, or -EFAULT. */
  #take(thread: number, infoAddress: number): number {
    const { state, threads, user } = this.#ports;
    const record = this.#record;
    const low = ~state.masks.awaitedLow[thread]!;
    const high = ~state.masks.awaitedHigh[thread]!;
    const process = threads.process[thread]!;
    const isTaken =
      state.ofThreads.take(thread, low, high, record) ||
      state.ofProcesses.take(process, low, high, record);
    if (!isTaken) return 0;
    if (infoAddress !== 0 && !writeSignalInfo(user, infoAddress, record)) return -Errno.EFAULT;
    return record.signal;
  }

  #forget(thread: number): void {
    const { masks } = this.#ports.state;
    masks.awaitedLow[thread] = 0;
    masks.awaitedHigh[thread] = 0;
  }
}
