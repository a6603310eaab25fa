import { Errno, isUserRange } from '@rseqlab/sim-machine';
import type { SyscallHandler } from '@rseqlab/sim-machine';
import type { ExitPolicy, ExitPorts } from './exit/exit-policy.js';
import type { RseqRules } from './profiles/rseq-rules.js';
import { prepareArea, resetArea } from './rseq-area.js';
import { RSEQ_FLAG_UNREGISTER, RSEQ_ORIGINAL_SIZE } from './rseq-abi.js';

const SIGSEGV = 11;

/**
 * Makes sys_rseq(area, length, flags, signature): registers the calling thread's area, or takes the
 * registration back.
 *
 * Errors, in the order of the checks: -EINVAL for an unknown flag, for unregistering what is not
 * registered or another area or length; -EPERM for another signature; -EBUSY for registering again;
 * -EINVAL for a length or an alignment that the profile does not take; -EFAULT for an area outside
 * user memory, or (except in kernels that do not write to it yet) one that cannot be written.
 *
 * @source kernel/rseq.c (SYSCALL_DEFINE4(rseq, ...))
 */
export function rseqSyscall(ports: ExitPorts, policy: ExitPolicy): SyscallHandler {
  const { kernel, registration, rules } = ports;
  return (thread, area, length, flags, signature) => {
    const { area: areas, length: lengths, signature: signatures } = registration;
    const isUnregistering = (flags & RSEQ_FLAG_UNREGISTER) !== 0;
    const known = isUnregistering ? RSEQ_FLAG_UNREGISTER : rules.registrationFlags;
    if ((flags & ~known) !== 0) return -Errno.EINVAL;
    const isRegistered = areas[thread] !== 0;
    if (isUnregistering || isRegistered) {
      const isSame = areas[thread] === area && lengths[thread] === length;
      if (!isRegistered || !isSame) return -Errno.EINVAL;
      if (signatures[thread] !== signature) return -Errno.EPERM;
      if (!isUnregistering) return -Errno.EBUSY;
      if (!resetArea(kernel.user, rules, area)) {
        if (rules.killsOnFailedReset) kernel.forceSignal(thread, SIGSEGV);
        return -Errno.EFAULT;
      }
      registration.clear(thread);
      policy.forget(thread);
      return 0;
    }
    if (!isArea(rules, area, length)) return -Errno.EINVAL;
    if (!isUserRange(area, length >>> 0)) return -Errno.EFAULT;
    if (!prepareArea(kernel.user, rules, area, length, flags)) return -Errno.EFAULT;
    registration.set(thread, area, length, signature);
    policy.registered(thread, flags);
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
