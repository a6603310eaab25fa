/** Whether a CPU will do for this purpose; `subject` is what the search was called with. */
export type AcceptCpu = (cpu: number, subject: number) => boolean;

/** Orders CPUs by a number, such as their load, within a node or in the whole machine. */
export interface CpuRanking {
  /** The number of a CPU. */
  valueOf(cpu: number): number;
  /** Tells the ranking that the number of a CPU is now `value`. */
  update(cpu: number, value: number): void;
  /** A hint: offline CPUs are not worth asking about. All are online at first. */
  setOnline(cpu: number, online: boolean): void;
  /** Every number becomes 0 and every CPU online. */
  reset(): void;
  /**
   * The accepted CPU with the least number, the lowest id among equals; -1 when none is accepted.
   *
   * @param node a NUMA node, or -1 for all
   * @param subject passed on to `accept`
   */
  lowest(node: number, accept: AcceptCpu, subject: number): number;
  /** The accepted CPU with the greatest number, the lowest id among equals; or -1. */
  highest(node: number, accept: AcceptCpu, subject: number): number;
}

/** The CPUs to rank, by node. */
export interface RankedCpus {
  /** Possible CPU ids, ascending. */
  readonly cpus: readonly number[];
  /** The NUMA node of a possible CPU. */
  nodeOf(cpu: number): number;
}

/** The possible CPUs of each node, ascending. */
export function groupByNode(ranked: RankedCpus): readonly (readonly number[])[] {
  const groups: number[][] = [];
  for (const cpu of ranked.cpus) {
    const node = ranked.nodeOf(cpu);
    while (groups.length <= node) groups.push([]);
    groups[node]?.push(cpu);
  }
  return groups;
}
