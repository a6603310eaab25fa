import type { CpuTable } from '../cpu/cpu-table.js';
import type { Referee } from '../director/referee.js';
import { ExitWork } from './exit-work.js';
import type { RunQueues } from './sched/run-queues.js';
import type { ThreadTable } from './thread-table.js';

/**
 * Charges running threads for the simulated time they used, where a policy orders them.
 *
 * Without a policy virtual times mean nothing, and nothing is kept.
 */
export class RunTime {
  readonly #cpus: CpuTable;
  readonly #threads: ThreadTable;
  readonly #queues: RunQueues;
  readonly #isOrdered: boolean;
  readonly #nsPerCycle: number;
  /** Per CPU: cycles when the running thread was last charged. */
  readonly #chargedCycles: Float64Array;

  constructor(
    cpus: CpuTable,
    threads: ThreadTable,
    queues: RunQueues,
    referee: Referee,
    nsPerCycle: number,
  ) {
    this.#cpus = cpus;
    this.#threads = threads;
    this.#queues = queues;
    this.#isOrdered = referee.scheduling === 'policy';
    this.#nsPerCycle = nsPerCycle;
    this.#chargedCycles = new Float64Array(cpus.capacity);
  }

  /** Back to time zero. */
  reset(): void {
    if (this.#isOrdered) this.#chargedCycles.fill(0);
  }

  /** A thread begins to run on the CPU now. */
  started(cpu: number): void {
    if (this.#isOrdered) this.#chargedCycles[cpu] = this.#cpus.cycles[cpu]!;
  }

  /** Charges the CPU's thread up to now; a used-up slice asks for a reschedule. */
  charge(cpu: number): void {
    if (!this.#isOrdered) return;
    const thread = this.#cpus.current[cpu]!;
    if (thread < 0) return;
    const now = this.#cpus.cycles[cpu]!;
    const ranNs = Math.floor((now - this.#chargedCycles[cpu]!) * this.#nsPerCycle);
    if (ranNs <= 0) return;
    this.#chargedCycles[cpu] = this.#chargedCycles[cpu]! + ranNs / this.#nsPerCycle;
    if (this.#queues.tick(cpu, thread, ranNs))
      this.#threads.exitWork[thread]! |= ExitWork.Reschedule;
  }
}
