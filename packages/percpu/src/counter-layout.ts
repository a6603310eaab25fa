import type { Process } from '@rseqlab/sim-machine';

/** Bytes between the words of neighbouring CPUs: a cache line, so that CPUs do not share one. */
export const COUNTER_STRIDE_BYTES = 64;

/** One word for every possible CPU, each on a cache line of its own. */
export class CounterLayout {
  /** Address of CPU 0's word; CPU n's is n strides further. */
  readonly base: number;
  readonly #process: Process;
  readonly #cpus: readonly number[];

  /** @param cpus ids of the possible CPUs, ascending */
  constructor(process: Process, cpus: readonly number[]) {
    this.#process = process;
    this.#cpus = cpus;
    this.base = process.allocate((cpus.at(-1)! + 1) * COUNTER_STRIDE_BYTES);
  }

  /** Sum over all CPUs, as an int32; exact only while no thread is adding. */
  sum(): number {
    let sum = 0;
    for (const cpu of this.#cpus) sum = (sum + this.ofCpu(cpu)) | 0;
    return sum;
  }

  /** The word of one CPU. */
  ofCpu(cpu: number): number {
    return this.#process.read32(this.base + cpu * COUNTER_STRIDE_BYTES);
  }
}
