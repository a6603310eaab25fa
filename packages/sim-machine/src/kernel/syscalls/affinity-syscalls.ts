import { Errno } from '../../base/errno.js';
import type { CpuTable } from '../../cpu/cpu-table.js';
import type { CpuAffinity } from '../cpu-affinity.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { ThreadTable } from '../thread-table.js';
import { SyscallNumber } from './syscall-number.js';
import type { SyscallTable } from './syscall-table.js';
import { UserCpuMask } from './user-cpu-mask.js';

/** Parts that the calls on CPUs work on. */
export interface AffinitySyscallPorts {
  readonly threads: ThreadTable;
  readonly cpus: CpuTable;
  readonly user: UserMemoryPort;
  readonly affinity: CpuAffinity;
}

/**
 * Registers the system calls on which CPU a thread is, and which it may be on.
 *
 * | call                             | errors                                                       |
 * |----------------------------------|--------------------------------------------------------------|
 * | getcpu(cpu, node)                | -EFAULT                                                      |
 * | sched_setaffinity(tid, len, mask) | -EFAULT; -ESRCH; -EINVAL when no CPU of the mask is online  |
 * | sched_getaffinity(tid, len, mask) | -EINVAL when the mask does not fit or is no whole words;    |
 * |                                  | -ESRCH; -EFAULT                                              |
 *
 * sched_getaffinity returns the bytes it wrote, and only CPUs that are online.
 *
 * @source getcpu(2), sched_setaffinity(2), kernel/sched/syscalls.c
 */
export function registerAffinitySyscalls(table: SyscallTable, ports: AffinitySyscallPorts): void {
  const { threads, cpus, user, affinity } = ports;
  const mask = new UserCpuMask(cpus, user);
  table.register(SyscallNumber.getcpu, (thread, cpuAddress, nodeAddress) => {
    const cpu = threads.cpu[thread]!;
    if (cpuAddress !== 0) user.put32(cpuAddress, cpu);
    if (cpuAddress !== 0 && user.failed) return -Errno.EFAULT;
    if (nodeAddress !== 0) user.put32(nodeAddress, cpus.node[cpu]!);
    return nodeAddress !== 0 && user.failed ? -Errno.EFAULT : 0;
  });
  table.register(SyscallNumber.sched_setaffinity, (thread, tid, bytes, address) => {
    const wanted = mask.read(address, bytes);
    if (wanted === undefined) return -Errno.EFAULT;
    const target = tid === 0 ? thread : threads.find(tid);
    return target < 0 ? -Errno.ESRCH : affinity.set(target, wanted);
  });
  table.register(SyscallNumber.sched_getaffinity, (thread, tid, bytes, address) => {
    if (!mask.fits(bytes >>> 0)) return -Errno.EINVAL;
    const target = tid === 0 ? thread : threads.find(tid);
    if (target < 0) return -Errno.ESRCH;
    const usable = cpus.possible.filter(
      (cpu) => cpus.online[cpu] === 1 && threads.allows(target, cpu),
    );
    const written = mask.write(address, bytes, usable);
    return written < 0 ? -Errno.EFAULT : written;
  });
}
