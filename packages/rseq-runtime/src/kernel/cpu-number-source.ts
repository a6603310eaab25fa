import type { KernelPort } from '@rseqlab/sim-machine';

/** Tells the number of the CPU that a thread is on. */
export type CpuNumberReader = (thread: number) => number;

/**
 * A kernel feature that keeps the number of a thread's CPU in user memory, where rseq can take it from
 * for what it writes into areas; without one it asks the scheduler.
 *
 * Its module has to be attached before rseq, so that on the way to user mode the word is up to date
 * when rseq reads it.
 */
export interface CpuNumberSource {
  /** Name for configurations and reports. */
  readonly name: string;
  /**
   * The user address of the int32 that holds the thread's CPU number.
   *
   * @param kernel the port of the machine in question: a module can be part of several machines
   * @returns 0 when the thread has none
   */
  cpuNumberAddress(kernel: KernelPort, thread: number): number;
}

/** Reads from a source, and asks the scheduler where the source has nothing that can be read. */
export function cpuNumberReader(
  kernel: KernelPort,
  source: CpuNumberSource | undefined,
): CpuNumberReader {
  const { cpu } = kernel.threads;
  if (source === undefined) return (thread) => cpu[thread]!;
  return (thread) => {
    const address = source.cpuNumberAddress(kernel, thread);
    if (address === 0) return cpu[thread]!;
    const number = kernel.user.get32(address);
    return kernel.user.failed || number < 0 ? cpu[thread]! : number;
  };
}
