import { REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { KernelPort } from '@rseqlab/sim-machine';

/**
 * Where a thread's rseq area lies, in bytes from the thread pointer; what glibc exports as
 * `__rseq_offset`.
 */
export const RSEQ_OFFSET = 0;

/** Address of a thread's rseq area, as the C library lays it out. */
export function rseqAreaOf(kernel: KernelPort, thread: number): number {
  const { registers } = kernel.threads;
  return registers[thread * REGISTER_STRIDE + RegisterFile.ThreadPointer]! + RSEQ_OFFSET;
}
