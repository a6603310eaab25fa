import { groupByNode, type AcceptCpu, type CpuRanking, type RankedCpus } from './cpu-ranking.js';

/**
 * A ranking without state of its own: it looks at every CPU when asked.
 *
 * For machines that are copied and restored while they are searched: nothing to keep in step, and
 * they have few CPUs.
 */
export class ScannedRanking implements CpuRanking {
  readonly #all: readonly number[];
  readonly #nodes: readonly (readonly number[])[];
  readonly #read: (cpu: number) => number;

  /** @param read the number of a CPU, kept by somebody else */
  constructor(ranked: RankedCpus, read: (cpu: number) => number) {
    this.#all = ranked.cpus;
    this.#nodes = groupByNode(ranked);
    this.#read = read;
  }

  valueOf(cpu: number): number {
    return this.#read(cpu);
  }

  update(): void {
    // The number is read where it is kept.
  }

  setOnline(): void {
    // `accept` decides.
  }

  reset(): void {
    // No state.
  }

  lowest(node: number, accept: AcceptCpu, subject: number): number {
    let best = -1;
    let bestValue = Infinity;
    for (const cpu of this.#group(node)) {
      const value = this.#read(cpu);
      if (value < bestValue && accept(cpu, subject)) {
        best = cpu;
        bestValue = value;
      }
    }
    return best;
  }

  highest(node: number, accept: AcceptCpu, subject: number): number {
    let best = -1;
    let bestValue = -Infinity;
    for (const cpu of this.#group(node)) {
      const value = this.#read(cpu);
      if (value > bestValue && accept(cpu, subject)) {
        best = cpu;
        bestValue = value;
      }
    }
    return best;
  }

  #group(node: number): readonly number[] {
    return node < 0 ? this.#all : (this.#nodes[node] ?? []);
  }
}
