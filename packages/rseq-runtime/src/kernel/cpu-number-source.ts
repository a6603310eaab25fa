import type { KernelPort } from '@rseqlab/sim-machine';

/** Where a kernel feature keeps a thread's CPU number in user memory, for other features to use. */
export interface CpuNumberSource {
  /**
   * The user address of the int32 that holds a thread's CPU number.
   *
   * @param kernel the port of the machine in question: a module can be part of several machines
   * @returns 0 when the thread has none
   */
  cpuNumberAddress(kernel: KernelPort, thread: number): number;
}
