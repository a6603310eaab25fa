import { Errno } from '@rseqlab/sim-machine';
import type { SyscallHandler } from '@rseqlab/sim-machine';
import { RseqCsFlag, RseqOffset } from '../rseq-abi.js';
import {
  PR_RSEQ_SLICE_EXTENSION,
  PR_RSEQ_SLICE_EXTENSION_GET,
  PR_RSEQ_SLICE_EXTENSION_SET,
  PR_RSEQ_SLICE_EXT_ENABLE,
} from './slice-abi.js';
import type { SlicePorts } from './slice-ports.js';

const SIGSEGV = 11;
const { SliceExtAvailable, SliceExtEnabled } = RseqCsFlag;

/**
 * Makes prctl(PR_RSEQ_SLICE_EXTENSION, get or set, value, 0, 0), the only operation of prctl here.
 *
 * Errors, in the order of the checks: -EINVAL for another operation, sub-command or value, or a
 * fourth or fifth argument; -ENXIO for setting without a registration; -ENOTSUPP with one of the
 * original length. Setting it where user space has changed the kernel's flags, or where the area
 * cannot be accessed, is SIGSEGV and -EFAULT.
 *
 * @param enabled 1 for a thread that has the extension enabled
 * @source kernel/rseq.c at v7.1 (rseq_slice_extension_prctl), kernel/sys.c
 */
export function slicePrctl(ports: SlicePorts, enabled: Int32Array): SyscallHandler {
  const { kernel, registration } = ports;
  const set = (thread: number, value: number): number => {
    if ((value & ~PR_RSEQ_SLICE_EXT_ENABLE) !== 0) return -Errno.EINVAL;
    const area = registration.area[thread]!;
    if (area === 0) return -Errno.ENXIO;
    if (!ports.modeOf(thread).sliceExtension) return -Errno.ENOTSUPP;
    if (value === enabled[thread]) return 0;
    const { user } = kernel;
    const expected = SliceExtAvailable | (enabled[thread] === 1 ? SliceExtEnabled : 0);
    const flags = user.get32(area + RseqOffset.flags);
    const isIntact = !user.failed && (flags & expected) === expected;
    const changed = (flags & ~SliceExtEnabled) | (value === 1 ? SliceExtEnabled : 0);
    if (isIntact) user.put32(area + RseqOffset.flags, changed);
    if (!isIntact || user.failed) {
      kernel.forceSignal(thread, SIGSEGV);
      return -Errno.EFAULT;
    }
    enabled[thread] = value;
    return 0;
  };
  return (thread, operation, command, value, fourth, fifth) => {
    if (operation !== PR_RSEQ_SLICE_EXTENSION || fourth !== 0 || fifth !== 0) return -Errno.EINVAL;
    if (command === PR_RSEQ_SLICE_EXTENSION_SET) return set(thread, value);
    if (command !== PR_RSEQ_SLICE_EXTENSION_GET || value !== 0) return -Errno.EINVAL;
    return enabled[thread]! * PR_RSEQ_SLICE_EXT_ENABLE;
  };
}
