import { Errno } from '../../base/errno.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { ThreadTable } from '../thread-table.js';
import { epochSeconds, isReadableClock } from '../time/clock-id.js';
import type { KernelClock } from '../time/kernel-clock.js';
import type { Nanosleep } from '../time/nanosleep.js';
import type { PosixTimers } from '../time/posix-timers.js';
import { UserTimespec } from '../time/user-timespec.js';
import { SyscallNumber } from './syscall-number.js';
import type { SyscallTable } from './syscall-table.js';

/** Parts that the time calls work on. */
export interface TimeSyscallPorts {
  readonly threads: ThreadTable;
  readonly user: UserMemoryPort;
  readonly clock: KernelClock;
  readonly nanosleep: Nanosleep;
  readonly timers: PosixTimers;
}

/**
 * Registers the system calls on clocks and timers.
 *
 * Errors are those of the parts that do the work; clock_gettime looks at the clock first: -EINVAL,
 * then -EFAULT.
 *
 * @source clock_gettime(2), nanosleep(2), timer_create(2)
 */
export function registerTimeSyscalls(table: SyscallTable, ports: TimeSyscallPorts): void {
  const { threads, clock, nanosleep, timers } = ports;
  const timespec = new UserTimespec(ports.user);
  table.register(SyscallNumber.clock_gettime, (thread, clockId, address) => {
    if (!isReadableClock(clockId)) return -Errno.EINVAL;
    const ns = clock.nowNs(threads.cpu[thread]!);
    return timespec.writeTime(address, epochSeconds(clockId), ns);
  });
  table.register(SyscallNumber.nanosleep, (thread, request, remainder) =>
    nanosleep.nanosleep(thread, request, remainder),
  );
  table.register(SyscallNumber.clock_nanosleep, (thread, clockId, flags, request, remainder) =>
    nanosleep.clockNanosleep(thread, clockId, flags, request, remainder),
  );
  table.register(SyscallNumber.timer_create, (thread, clockId, event, idAddress) =>
    timers.create(thread, clockId, event, idAddress),
  );
  table.register(SyscallNumber.timer_settime, (thread, id, flags, newAddress, oldAddress) =>
    timers.setTime(thread, id, flags, newAddress, oldAddress),
  );
  table.register(SyscallNumber.timer_gettime, (thread, id, address) =>
    timers.getTime(thread, id, address),
  );
  table.register(SyscallNumber.timer_delete, (thread, id) => timers.delete(thread, id));
}
