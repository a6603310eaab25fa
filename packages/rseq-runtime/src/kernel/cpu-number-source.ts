import type { KernelPort } from '@rseqlab/sim-machine';

/** Tells the number of the CPU that a thread is on, or -1 where it does not know. */
export type CpuNumberReader = (thread: number) => number;

/**
 * Where rseq has the CPU number from that it writes into areas; without one it asks the scheduler.
 *
 * A source is a value like a module, and can serve several machines. Its module has to be attached
 * before rseq, so that on the way to user mode the source is up to date when rseq asks.
 */
export interface CpuNumberSource {
  /** Name for configurations and reports. */
  readonly name: string;
  /** Called once when a machine is built. */
  attach(kernel: KernelPort): CpuNumberReader;
}
