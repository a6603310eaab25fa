import { Errno } from '../base/errno.js';
import type { Referee } from '../director/referee.js';
import type { CpuAvailability } from './cpu-availability.js';
import type { Placement } from './placement.js';
import type { Scheduler } from './scheduler.js';
import { ThreadState } from './thread-state.js';
import type { ThreadTable } from './thread-table.js';

/** Parts that affinity works on. */
export interface CpuAffinityPorts {
  readonly threads: ThreadTable;
  readonly referee: Referee;
  readonly scheduler: Scheduler;
  readonly placement: Placement;
  readonly available: CpuAvailability;
}

/** Restricts threads to CPUs. */
export class CpuAffinity {
  readonly #ports: CpuAffinityPorts;

  constructor(ports: CpuAffinityPorts) {
    this.#ports = ports;
  }

  /**
   * Replaces the affinity mask of a thread; if it is on a CPU that it may not use now, it moves at
   * once, even while it runs.
   *
   * @param cpus possible CPUs
   * @returns 0, or -EINVAL when none of them is online
   * @source __set_cpus_allowed_ptr() in kernel/sched/core.c
   */
  set(thread: number, cpus: readonly number[]): number {
    const { threads, available, scheduler } = this.#ports;
    if (!cpus.some((cpu) => available.isOnline(cpu))) return -Errno.EINVAL;
    threads.setAffinity(thread, cpus);
    if (threads.state[thread] !== ThreadState.Runnable) return 0;
    if (!threads.allows(thread, threads.cpu[thread]!))
      scheduler.migrate(thread, this.#target(thread));
    return 0;
  }

  #target(thread: number): number {
    const { available, placement, referee } = this.#ports;
    if (referee.scheduling === 'policy') return placement.forWakeup(thread, -1);
    return available.firstUsable(thread, -1);
  }
}
