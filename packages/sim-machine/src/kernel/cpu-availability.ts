import type { CpuTable } from '../cpu/cpu-table.js';
import type { SchedulerPorts } from './sched/scheduler-ports.js';
import type { ThreadTable } from './thread-table.js';

/** Which CPUs threads may use, for those who place and balance threads. */
export class CpuAvailability implements SchedulerPorts {
  readonly #cpus: CpuTable;
  readonly #threads: ThreadTable;

  constructor(cpus: CpuTable, threads: ThreadTable) {
    this.#cpus = cpus;
    this.#threads = threads;
  }

  cpuAllowed(thread: number, cpu: number): boolean {
    return this.#threads.allows(thread, cpu);
  }

  isOnline(cpu: number): boolean {
    return this.#cpus.online[cpu] === 1;
  }

  currentOf(cpu: number): number {
    return this.#cpus.current[cpu]!;
  }

  nodeOf(cpu: number): number {
    return this.#cpus.node[cpu]!;
  }

  /** Whether the thread could run on the CPU now. */
  isUsable(thread: number, cpu: number): boolean {
    return this.#cpus.online[cpu] === 1 && this.#threads.allows(thread, cpu);
  }

  /** The usable CPU with the lowest number, of a node or (-1) of all; -1 when there is none. */
  firstUsable(thread: number, node: number): number {
    for (const cpu of this.#cpus.possible)
      if ((node < 0 || this.#cpus.node[cpu] === node) && this.isUsable(thread, cpu)) return cpu;
    return -1;
  }

  /**
   * A CPU for a thread that cannot stay on one: of the same node, else anywhere, else with the
   * affinity mask widened to all possible CPUs.
   *
   * @source select_fallback_rq() in kernel/sched/core.c
   */
  fallback(thread: number, cpu: number): number {
    const near = this.firstUsable(thread, this.nodeOf(cpu));
    if (near >= 0) return near;
    const anywhere = this.firstUsable(thread, -1);
    if (anywhere >= 0) return anywhere;
    this.#threads.setAffinity(thread, this.#cpus.possible);
    return this.fallback(thread, cpu);
  }
}
