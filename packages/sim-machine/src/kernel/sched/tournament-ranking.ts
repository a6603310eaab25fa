import { groupByNode, type AcceptCpu, type CpuRanking, type RankedCpus } from './cpu-ranking.js';
import { Tournament } from './tournament.js';

/**
 * A ranking that answers in O(log CPUs): for every node, a tournament from each end.
 *
 * For machines that run on simulated time, where wake-ups and balancing are frequent and the cost
 * of one must not grow with the machine.
 */
export class TournamentRanking implements CpuRanking {
  readonly #ascending: readonly Tournament[];
  readonly #descending: readonly Tournament[];
  readonly #nodeOf: Int32Array;
  readonly #indexOf: Int32Array;
  readonly #values: Float64Array;
  readonly #offline: Uint8Array;

  constructor(ranked: RankedCpus) {
    const limit = (ranked.cpus.at(-1) ?? -1) + 1;
    const groups = groupByNode(ranked);
    this.#nodeOf = new Int32Array(limit);
    this.#indexOf = new Int32Array(limit);
    this.#values = new Float64Array(limit);
    this.#offline = new Uint8Array(limit);
    for (const [node, cpus] of groups.entries())
      for (const [index, cpu] of cpus.entries()) {
        this.#nodeOf[cpu] = node;
        this.#indexOf[cpu] = index;
      }
    this.#ascending = groups.map((cpus) => new Tournament(cpus));
    this.#descending = groups.map((cpus) => new Tournament(cpus));
  }

  /** Tournament nodes looked at since construction. */
  get visits(): number {
    return [...this.#ascending, ...this.#descending].reduce((sum, { visits }) => sum + visits, 0);
  }

  valueOf(cpu: number): number {
    return this.#values[cpu]!;
  }

  update(cpu: number, value: number): void {
    if (this.#values[cpu] === value) return;
    this.#values[cpu] = value;
    if (this.#offline[cpu] === 0) this.#place(cpu, value, -value);
  }

  setOnline(cpu: number, online: boolean): void {
    this.#offline[cpu] = online ? 0 : 1;
    const value = this.#values[cpu]!;
    if (online) this.#place(cpu, value, -value);
    else this.#place(cpu, Infinity, Infinity);
  }

  reset(): void {
    this.#values.fill(0);
    this.#offline.fill(0);
    for (const tournament of this.#ascending) tournament.fill(0);
    for (const tournament of this.#descending) tournament.fill(0);
  }

  lowest(node: number, accept: AcceptCpu, subject: number): number {
    return this.#search(this.#ascending, 1, node, accept, subject);
  }

  highest(node: number, accept: AcceptCpu, subject: number): number {
    return this.#search(this.#descending, -1, node, accept, subject);
  }

  #place(cpu: number, ascending: number, descending: number): void {
    const node = this.#nodeOf[cpu]!;
    const index = this.#indexOf[cpu]!;
    this.#ascending[node]!.update(index, ascending);
    this.#descending[node]!.update(index, descending);
  }

  #search(
    tournaments: readonly Tournament[],
    sign: number,
    node: number,
    accept: AcceptCpu,
    subject: number,
  ): number {
    if (node >= 0) return tournaments[node]?.lowest(accept, subject) ?? -1;
    let best = -1;
    let bestValue = Infinity;
    for (let candidate = 0; candidate < tournaments.length; candidate++) {
      const cpu = tournaments[candidate]!.lowest(accept, subject);
      if (cpu < 0) continue;
      const value = this.#values[cpu]! * sign;
      if (value > bestValue || (value === bestValue && cpu > best)) continue;
      best = cpu;
      bestValue = value;
    }
    return best;
  }
}
