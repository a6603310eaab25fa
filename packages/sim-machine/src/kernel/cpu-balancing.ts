import type { StateArena } from '../base/state-arena.js';
import type { CpuTable } from '../cpu/cpu-table.js';
import type { LoadBalancer } from './sched/load-balancer.js';
import type { RealTimeBalancer } from './sched/real-time-balancer.js';
import type { RunQueues } from './sched/run-queues.js';
import type { BalancingPort, Scheduler } from './scheduler.js';

/** Parts that balancing works on. */
export interface CpuBalancingPorts {
  readonly arena: StateArena;
  readonly cpus: CpuTable;
  readonly queues: RunQueues;
  readonly scheduler: Scheduler;
  readonly load: LoadBalancer;
  readonly realTime: RealTimeBalancer;
}

/**
 * Ticks between two periodic balancings of a busy CPU: 64 ms at 250 Hz.
 *
 * @source the order of magnitude of get_sd_balance_interval(): a domain's weight in ms, times 16
 *   (sd->busy_factor) while the CPU is busy
 */
const BALANCE_TICKS = 16;

/**
 * Moves waiting threads to CPUs with less to do, where a policy orders threads.
 *
 * | when                                         | what                                         |
 * |----------------------------------------------|----------------------------------------------|
 * | a CPU is about to pick a thread              | pulls higher real-time threads; idle: a thread |
 * | a real-time thread has to wait               | pushes it where it can run at once            |
 * | tick, threads wait here                      | an idle CPU, if there is one, pulls a thread  |
 * | every 16th tick                              | pulls until loads are even                    |
 *
 * @source kernel/sched/rt.c (pull_rt_task, push_rt_task), kernel/sched/fair.c (sched_balance_newidle,
 *   nohz_balancer_kick, sched_balance_rq)
 */
export class CpuBalancing implements BalancingPort {
  readonly #ports: CpuBalancingPorts;
  readonly #ticks: Int32Array;
  readonly #isIdle: (cpu: number) => boolean;

  constructor(ports: CpuBalancingPorts) {
    this.#ports = ports;
    this.#ticks = ports.arena.column('balance.ticks', ports.cpus.capacity, 'accounting');
    this.#isIdle = (cpu) => ports.cpus.online[cpu] === 1 && ports.queues.count(cpu) === 0;
  }

  beforePick(cpu: number): void {
    const { cpus, queues, realTime, scheduler } = this.#ports;
    if (cpus.online[cpu] === 0) return;
    for (;;) {
      const thread = realTime.pullCandidate(cpu);
      if (thread < 0) break;
      scheduler.migrate(thread, cpu);
    }
    if (queues.count(cpu) === 0) this.#pull(cpu);
  }

  afterPick(cpu: number): void {
    const { realTime, scheduler } = this.#ports;
    for (;;) {
      const waiting = realTime.pushCandidate(cpu);
      if (waiting < 0) return;
      scheduler.migrate(waiting, realTime.pushTarget(cpu, waiting));
    }
  }

  /** The periodic part, at a tick of a CPU that is not idle. */
  tick(cpu: number): void {
    const { queues } = this.#ports;
    if (queues.count(cpu) > 1) {
      const idle = queues.loads.lowest(-1, this.#isIdle, cpu);
      if (idle >= 0) this.#pull(idle);
    }
    this.#ticks[cpu]! += 1;
    if (this.#ticks[cpu]! % BALANCE_TICKS === 0) while (this.#pull(cpu));
  }

  #pull(cpu: number): boolean {
    const { load, queues, scheduler } = this.#ports;
    if (queues.crowdedCpus === 0) return false;
    const thread = load.pullCandidate(cpu);
    if (thread < 0) return false;
    scheduler.migrate(thread, cpu);
    return true;
  }
}
