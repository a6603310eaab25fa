import { Errno } from '../../base/errno.js';
import {
  FUTEX_COMMAND_MASK,
  FUTEX_MATCH_ANY,
  FUTEX_PRIVATE,
  FUTEX_REALTIME,
  FutexCommand,
} from '../futex/futex-operation.js';
import type { Futexes } from '../futex/futexes.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { Sleeps } from '../sleeps.js';
import type { ThreadTable } from '../thread-table.js';
import { ClockId } from '../time/clock-id.js';
import type { KernelClock } from '../time/kernel-clock.js';
import { UserTimespec } from '../time/user-timespec.js';
import { SyscallNumber } from './syscall-number.js';
import type { SyscallTable } from './syscall-table.js';

/** Parts that the futex call works on. */
export interface FutexSyscallPorts {
  readonly threads: ThreadTable;
  readonly user: UserMemoryPort;
  readonly clock: KernelClock;
  readonly sleeps: Sleeps;
  readonly futexes: Futexes;
}

/**
 * Registers the futex system call: `futex(uaddr, op, val, timeout or val2, uaddr2, val3)`.
 *
 * A timeout is looked at before anything else: -EFAULT, -EINVAL. Then -ENOSYS for an unknown command
 * and for FUTEX_CLOCK_REALTIME with another one than FUTEX_WAIT_BITSET.
 *
 * @source futex(2), kernel/futex/syscalls.c
 */
export function registerFutexSyscall(table: SyscallTable, ports: FutexSyscallPorts): void {
  const { threads, clock, sleeps, futexes } = ports;
  const timespec = new UserTimespec(ports.user);

  const wait = (
    thread: number,
    address: number,
    operation: number,
    value: number,
    timeout: number,
    bitset: number,
  ): number => {
    const command = operation & FUTEX_COMMAND_MASK;
    const realtime = (operation & FUTEX_REALTIME) !== 0;
    const kept = sleeps.takeDeadline(thread);
    const now = clock.nowNs(threads.cpu[thread]!);
    let untilNs = Infinity;
    if (timeout !== 0) {
      const error = timespec.read(timeout);
      if (error < 0) return error;
      const clockId = realtime ? ClockId.Realtime : ClockId.Monotonic;
      untilNs =
        command === FutexCommand.Wait
          ? now + timespec.durationNs()
          : timespec.sinceStartNs(clockId);
    }
    if (realtime && command === FutexCommand.Wait) return -Errno.ENOSYS;
    const deadline =
      kept >= 0 ? kept : untilNs === Infinity ? Infinity : clock.cyclesAt(Math.max(untilNs, 0));
    const expired = kept >= 0 ? clock.cyclesAt(now) >= kept : untilNs <= now;
    const shared = (operation & FUTEX_PRIVATE) === 0;
    return futexes.wait(thread, address, shared, value, bitset, deadline, expired);
  };

  table.register(
    SyscallNumber.futex,
    (thread, address, operation, value, timeout, target, value3) => {
      const command = operation & FUTEX_COMMAND_MASK;
      if (command === FutexCommand.Wait)
        return wait(thread, address, operation, value, timeout, FUTEX_MATCH_ANY);
      if (command === FutexCommand.WaitBitset)
        return wait(thread, address, operation, value, timeout, value3);
      if ((operation & FUTEX_REALTIME) !== 0) return -Errno.ENOSYS;
      const shared = (operation & FUTEX_PRIVATE) === 0;
      switch (command) {
        case FutexCommand.Wake:
          return futexes.wake(thread, address, shared, value, FUTEX_MATCH_ANY);
        case FutexCommand.WakeBitset:
          return futexes.wake(thread, address, shared, value, value3);
        case FutexCommand.Requeue:
          return futexes.requeue(thread, address, target, shared, value, timeout, undefined);
        case FutexCommand.CompareRequeue:
          return futexes.requeue(thread, address, target, shared, value, timeout, value3);
        case FutexCommand.WakeOperation:
          return futexes.wakeAndOperate(thread, address, target, shared, value, timeout, value3);
        default:
          return -Errno.ENOSYS;
      }
    },
  );
}
