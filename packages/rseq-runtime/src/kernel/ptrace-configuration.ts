import { Errno } from '@rseqlab/sim-machine';
import type { StoppedRequest, UserMemoryPort } from '@rseqlab/sim-machine';
import type { ExitPorts } from './exit/exit-policy.js';
import { RSEQ_ORIGINAL_SIZE } from './rseq-abi.js';

/** Reads the rseq registration of a stopped thread. @source include/uapi/linux/ptrace.h */
export const PTRACE_GET_RSEQ_CONFIGURATION = 0x420f;

/**
 * Size of `struct ptrace_rseq_configuration`, in bytes.
 *
 * | offset | field            |
 * |--------|------------------|
 * | 0      | rseq_abi_pointer | u64, 0 for a thread without a registration
 * | 8      | rseq_abi_size    | u32
 * | 12     | signature        | u32
 * | 16     | flags            | u32, 0
 * | 20     | pad              | u32
 *
 * @source include/uapi/linux/ptrace.h
 */
export const PTRACE_RSEQ_CONFIGURATION_BYTES = 24;

/**
 * Makes ptrace(PTRACE_GET_RSEQ_CONFIGURATION, tid, size, pointer): copies at most `size` bytes.
 *
 * @returns the size of the whole structure, or -EFAULT
 * @source kernel/ptrace.c (ptrace_get_rseq_configuration)
 */
export function ptraceConfiguration({ kernel, registration, rules }: ExitPorts): StoppedRequest {
  return (_tracer, tracee, size, address) => {
    const length = rules.featureSize === 0 ? RSEQ_ORIGINAL_SIZE : registration.length[tracee]!;
    const { area, signature } = registration;
    const words = [area[tracee]!, 0, length, signature[tracee]!, 0, 0];
    const bytes = Math.min(size >>> 0, PTRACE_RSEQ_CONFIGURATION_BYTES);
    for (let at = 0; at < bytes; at += 4)
      if (!put(kernel.user, address + at, words[at >> 2]!, bytes - at)) return -Errno.EFAULT;
    return PTRACE_RSEQ_CONFIGURATION_BYTES;
  };
}

/** Writes the low bytes of a word, at most 4; false where there is no memory. */
function put(user: UserMemoryPort, address: number, value: number, bytes: number): boolean {
  const kept = bytes < 4 ? -1 << (bytes * 8) : 0;
  const old = kept === 0 ? 0 : user.get32(address) & kept;
  if (kept !== 0 && user.failed) return false;
  user.put32(address, (value & ~kept) | old);
  return !user.failed;
}
