import { Errno } from '../../base/errno.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { RunQueues } from '../sched/run-queues.js';
import {
  isRealTimePolicy,
  isValidPolicy,
  MAX_NICE,
  MAX_REAL_TIME_PRIORITY,
  MIN_NICE,
  MIN_REAL_TIME_PRIORITY,
} from '../sched/scheduling-policy.js';
import type { Scheduler } from '../scheduler.js';
import { ThreadState } from '../thread-state.js';
import type { ThreadTable } from '../thread-table.js';
import { SyscallNumber } from './syscall-number.js';
import type { SyscallTable } from './syscall-table.js';

/** Parts that the calls on policies work on. */
export interface SchedSyscallPorts {
  readonly threads: ThreadTable;
  readonly queues: RunQueues;
  readonly scheduler: Scheduler;
  readonly user: UserMemoryPort;
}

/** What `which` of getpriority and setpriority names. @source include/uapi/linux/resource.h */
const PriorityWhich = { Process: 0, Group: 1, User: 2 } as const;

/**
 * Registers the system calls on how threads share CPUs.
 *
 * | call                              | errors, in this order                                      |
 * |-----------------------------------|------------------------------------------------------------|
 * | sched_yield()                     |                                                            |
 * | sched_setscheduler(tid, policy, p) | -EINVAL: policy or tid < 0, p is 0; -EFAULT; -ESRCH;      |
 * |                                   | -EINVAL: no such policy, no such priority in it            |
 * | sched_setparam(tid, p)            | the same, with the policy that the thread has              |
 * | sched_getscheduler(tid)           | -EINVAL: tid < 0; -ESRCH                                   |
 * | sched_getparam(tid, p)            | -EINVAL: tid < 0 or p is 0; -ESRCH; -EFAULT                |
 * | sched_get_priority_max, _min      | -EINVAL: no such policy                                    |
 * | setpriority(which, who, nice)     | -EINVAL: which; -ESRCH; nice is brought into range         |
 * | getpriority(which, who)           | -EINVAL: which; -ESRCH; returns 20 - nice                  |
 *
 * Every program has CAP_SYS_NICE. There is one user and one process group: 0 names them, and any
 * other is -ESRCH. SCHED_RESET_ON_FORK and SCHED_DEADLINE are not offered: -EINVAL.
 *
 * @source sched(7), sched_setscheduler(2), sched_setparam(2), setpriority(2), kernel/sched/syscalls.c
 */
export function registerSchedSyscalls(table: SyscallTable, ports: SchedSyscallPorts): void {
  const { threads, queues, scheduler, user } = ports;
  const { parameters } = queues;

  const find = (thread: number, tid: number): number => (tid === 0 ? thread : threads.find(tid));

  const setPolicy = (thread: number, tid: number, wanted: number, address: number): number => {
    if (address === 0 || tid < 0) return -Errno.EINVAL;
    const priority = user.get32(address);
    if (user.failed) return -Errno.EFAULT;
    const target = find(thread, tid);
    if (target < 0) return -Errno.ESRCH;
    const policy = wanted < 0 ? parameters.policy(target) : wanted;
    if (!isValidPolicy(policy, priority)) return -Errno.EINVAL;
    scheduler.setParameters(target, policy, priority, parameters.nice(target));
    return 0;
  };

  /** Calls `visit` with the threads that `which` and `who` name; false when there are none. */
  const visitNamed = (
    thread: number,
    which: number,
    who: number,
    visit: (target: number) => void,
  ): boolean => {
    if (which === PriorityWhich.Process) {
      const target = find(thread, who);
      if (target < 0) return false;
      visit(target);
      return true;
    }
    if (who !== 0) return false;
    for (let target = 0; target < threads.highWater; target++)
      if (threads.state[target] !== ThreadState.Free) visit(target);
    return true;
  };

  table.register(SyscallNumber.sched_yield, (thread) => {
    scheduler.yieldCpu(thread);
    return 0;
  });
  table.register(SyscallNumber.sched_setscheduler, (thread, tid, policy, address) =>
    policy < 0 ? -Errno.EINVAL : setPolicy(thread, tid, policy, address),
  );
  table.register(SyscallNumber.sched_setparam, (thread, tid, address) =>
    setPolicy(thread, tid, -1, address),
  );
  table.register(SyscallNumber.sched_getscheduler, (thread, tid) => {
    if (tid < 0) return -Errno.EINVAL;
    const target = find(thread, tid);
    return target < 0 ? -Errno.ESRCH : parameters.policy(target);
  });
  table.register(SyscallNumber.sched_getparam, (thread, tid, address) => {
    if (tid < 0 || address === 0) return -Errno.EINVAL;
    const target = find(thread, tid);
    if (target < 0) return -Errno.ESRCH;
    user.put32(address, parameters.priority(target));
    return user.failed ? -Errno.EFAULT : 0;
  });
  table.register(SyscallNumber.sched_get_priority_max, (_thread, policy) => {
    if (isRealTimePolicy(policy)) return MAX_REAL_TIME_PRIORITY;
    return isValidPolicy(policy, 0) ? 0 : -Errno.EINVAL;
  });
  table.register(SyscallNumber.sched_get_priority_min, (_thread, policy) => {
    if (isRealTimePolicy(policy)) return MIN_REAL_TIME_PRIORITY;
    return isValidPolicy(policy, 0) ? 0 : -Errno.EINVAL;
  });
  table.register(SyscallNumber.setpriority, (thread, which, who, nice) => {
    if (which < PriorityWhich.Process || which > PriorityWhich.User) return -Errno.EINVAL;
    const bounded = Math.min(Math.max(nice, MIN_NICE), MAX_NICE);
    const found = visitNamed(thread, which, who, (target) => {
      const policy = parameters.policy(target);
      scheduler.setParameters(target, policy, parameters.priority(target), bounded);
    });
    return found ? 0 : -Errno.ESRCH;
  });
  table.register(SyscallNumber.getpriority, (thread, which, who) => {
    if (which < PriorityWhich.Process || which > PriorityWhich.User) return -Errno.EINVAL;
    let highest = 0;
    const found = visitNamed(thread, which, who, (target) => {
      highest = Math.max(highest, MAX_NICE + 1 - parameters.nice(target));
    });
    return found ? highest : -Errno.ESRCH;
  });
}
