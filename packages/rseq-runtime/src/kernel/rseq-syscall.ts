import { Errno, isUserRange } from '@rseqlab/sim-machine';
import type { KernelPort, SyscallHandler } from '@rseqlab/sim-machine';
import {
  RSEQ_CPU_ID_UNINITIALIZED,
  RSEQ_FLAG_UNREGISTER,
  RSEQ_ORIGINAL_SIZE,
  RseqOffset,
} from './rseq-abi.js';
import type { RseqRules } from './profiles/rseq-rules.js';
import type { RseqRegistration } from './rseq-registration.js';

/**
 * Makes sys_rseq(area, length, flags, signature) of profile v6.1: registers the calling thread's
 * area, or takes the registration back.
 *
 * Errors, in the order of the checks: -EINVAL for an unknown flag, for unregistering what is not
 * registered or another area or length; -EPERM for another signature; -EBUSY for registering again;
 * -EINVAL for a length other than 32 or an area not aligned to 32; -EFAULT for an area outside user
 * memory.
 *
 * @source kernel/rseq.c, v6.1 (SYSCALL_DEFINE4(rseq, ...))
 */
export function rseqSyscall(
  kernel: KernelPort,
  registration: RseqRegistration,
  rules: RseqRules,
): SyscallHandler {
  return (thread, area, length, flags, signature) => {
    if ((flags & RSEQ_FLAG_UNREGISTER) !== 0) {
      if ((flags & ~RSEQ_FLAG_UNREGISTER) !== 0) return -Errno.EINVAL;
      return unregister(kernel, registration, thread, area, length, signature);
    }
    if ((flags & ~rules.registrationFlags) !== 0) return -Errno.EINVAL;
    if (registration.area[thread] !== 0) {
      if (registration.area[thread] !== area || registration.length[thread] !== length)
        return -Errno.EINVAL;
      return registration.signature[thread] === signature ? -Errno.EBUSY : -Errno.EPERM;
    }
    if (!isArea(rules, area, length)) return -Errno.EINVAL;
    if (!isUserRange(area, length)) return -Errno.EFAULT;
    if (rules.prepares !== 'nothing' && !clearRseqCs(kernel, area)) return -Errno.EFAULT;
    registration.area[thread] = area;
    registration.length[thread] = length;
    registration.signature[thread] = signature;
    registration.takeEvents(thread);
    kernel.notifyResume(thread);
    return 0;
  };
}

/**
 * Whether length and alignment are as they must be. A kernel that tells its feature size takes areas
 * of the original size, and such as hold all that it knows.
 */
function isArea({ featureSize, alignment }: RseqRules, area: number, length: number): boolean {
  if (length === RSEQ_ORIGINAL_SIZE) return (area & (RSEQ_ORIGINAL_SIZE - 1)) === 0;
  if (featureSize === 0 || length >>> 0 < RSEQ_ORIGINAL_SIZE) return false;
  return (area & (alignment - 1)) === 0 && length >>> 0 >= featureSize;
}

function clearRseqCs({ user }: KernelPort, area: number): boolean {
  user.put32(area + RseqOffset.rseqCs, 0);
  if (!user.failed) user.put32(area + RseqOffset.rseqCsHigh, 0);
  return !user.failed;
}

function unregister(
  kernel: KernelPort,
  registration: RseqRegistration,
  thread: number,
  area: number,
  length: number,
  signature: number,
): number {
  if (registration.area[thread] === 0 || registration.area[thread] !== area) return -Errno.EINVAL;
  if (registration.length[thread] !== length) return -Errno.EINVAL;
  if (registration.signature[thread] !== signature) return -Errno.EPERM;
  const { user } = kernel;
  user.put32(area + RseqOffset.cpuIdStart, 0);
  if (!user.failed) user.put32(area + RseqOffset.cpuId, RSEQ_CPU_ID_UNINITIALIZED);
  if (user.failed) return -Errno.EFAULT;
  registration.clear(thread);
  return 0;
}
