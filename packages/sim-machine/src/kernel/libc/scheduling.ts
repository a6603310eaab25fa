import { MachineError } from '../../base/machine-error.js';
import type { Operation } from '../operation.js';
import type { SchedulingPolicyNumber } from '../sched/scheduling-policy.js';
import { SyscallNumber } from '../syscalls/syscall-number.js';
import type { Thread } from '../thread.js';
import { scratchAddress } from './timespec.js';

/** What the red zone below the stack holds. */
const MASK_BYTES = 128;

/** Lets other threads of the CPU go first; 0. @source sched_yield(2) */
export function schedYield(t: Thread): Operation<number> {
  return t.syscall(SyscallNumber.sched_yield);
}

/** Where a thread runs. */
export interface CpuAndNode {
  readonly cpu: number;
  readonly node: number;
}

/** The CPU and NUMA node that the thread was on, a moment ago. @source getcpu(2) */
export function* getcpu(t: Thread): Operation<CpuAndNode> {
  const address = scratchAddress(t);
  yield* t.syscall(SyscallNumber.getcpu, address, address + 4);
  const cpu = yield* t.load(address);
  return { cpu, node: yield* t.load(address + 4) };
}

/**
 * Restricts a thread to CPUs; if it is on another one, it moves at once.
 *
 * @param cpus numbers below 1024
 * @param tid default the calling thread
 * @returns 0; -EINVAL when none of them is online; -ESRCH
 * @throws MachineError `ERR_CAPACITY` for a number that the wrapper's mask cannot hold
 * @source sched_setaffinity(2)
 */
export function* setAffinity(t: Thread, cpus: readonly number[], tid = 0): Operation<number> {
  const words = new Int32Array(MASK_BYTES / 4);
  for (const cpu of cpus) {
    if (!(cpu >= 0 && cpu < MASK_BYTES * 8))
      throw new MachineError('ERR_CAPACITY', `expected CPUs from 0 to 1023, got ${cpu}`);
    words[cpu >>> 5]! |= 1 << (cpu & 31);
  }
  const used = Math.max(...cpus, 0) >>> 5;
  const address = t.stackPointer - MASK_BYTES;
  for (let index = 0; index <= used; index++) yield* t.store(address + 4 * index, words[index]!);
  return yield* t.syscall(SyscallNumber.sched_setaffinity, tid, (used + 1) * 4, address);
}

/**
 * The online CPUs that a thread may use, ascending; none when there is no such thread, or the
 * machine has CPU numbers above 1023.
 *
 * @param tid default the calling thread
 * @source sched_getaffinity(2)
 */
export function* getAffinity(t: Thread, tid = 0): Operation<readonly number[]> {
  const address = t.stackPointer - MASK_BYTES;
  const bytes = yield* t.syscall(SyscallNumber.sched_getaffinity, tid, MASK_BYTES, address);
  const cpus: number[] = [];
  for (let offset = 0; offset < bytes; offset += 4) {
    const word = yield* t.load(address + offset);
    for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) cpus.push(offset * 8 + bit);
  }
  return cpus;
}

/**
 * Changes a thread's scheduling policy.
 *
 * @param priority 1 to 99 for a real-time policy, else 0
 * @param tid default the calling thread
 * @returns 0; -EINVAL; -ESRCH
 * @source sched_setscheduler(2)
 */
export function* setScheduler(
  t: Thread,
  policy: SchedulingPolicyNumber,
  priority: number,
  tid = 0,
): Operation<number> {
  const address = scratchAddress(t);
  yield* t.store(address, priority);
  return yield* t.syscall(SyscallNumber.sched_setscheduler, tid, policy, address);
}

/** The policy of a thread, or -ESRCH. @param tid default the calling thread @source sched_getscheduler(2) */
export function getScheduler(t: Thread, tid = 0): Operation<number> {
  return t.syscall(SyscallNumber.sched_getscheduler, tid);
}

/**
 * Sets a thread's nice value, -20 to 19; others are brought into that range.
 *
 * @param tid default the calling thread
 * @returns 0 or -ESRCH
 * @source setpriority(2)
 */
export function setNice(t: Thread, nice: number, tid = 0): Operation<number> {
  return t.syscall(SyscallNumber.setpriority, 0, tid, nice);
}

/** The nice value of the calling thread, -20 to 19. @source getpriority(2) */
export function* getNice(t: Thread): Operation<number> {
  return 20 - (yield* t.syscall(SyscallNumber.getpriority, 0, 0));
}
