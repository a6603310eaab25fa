import type { RunQueues } from './run-queues.js';
import type { SchedulerPorts } from './scheduler-ports.js';

/** Threads of a busy CPU that are looked at for one that may move. @source sched_nr_migrate: 32 */
const BALANCE_SCAN_LIMIT = 32;

/**
 * Decides which time-shared thread a CPU should pull from a busier one.
 *
 * The caller pulls until the answer is -1 (periodic balancing), or once (a CPU that is about to
 * idle), moving each thread with whatever the kernel does at a migration. Every pull makes the two
 * loads less different, so pulling ends.
 *
 * @source kernel/sched/fair.c, sched_balance_rq(), detach_tasks(), sched_balance_newidle();
 * without scheduling domains: first the own node, then the machine
 */
export class LoadBalancer {
  readonly #queues: RunQueues;
  readonly #ports: SchedulerPorts;
  readonly #hasMovable: (source: number, target: number) => boolean;

  constructor(queues: RunQueues, ports: SchedulerPorts) {
    this.#queues = queues;
    this.#ports = ports;
    this.#hasMovable = (source, target) => this.#movableTo(source, target) >= 0;
  }

  /**
   * A thread this CPU should pull: from the busiest CPU of its node, else of the machine, that has
   * one waiting which is allowed here and whose move lessens the imbalance.
   *
   * @returns the thread (its CPU is `RunQueues.cpuOf`), or -1
   */
  pullCandidate(cpu: number): number {
    const { loads } = this.#queues;
    const near = loads.highest(this.#ports.nodeOf(cpu), this.#hasMovable, cpu);
    const source = near >= 0 ? near : loads.highest(-1, this.#hasMovable, cpu);
    return source < 0 ? -1 : this.#movableTo(source, cpu);
  }

  #movableTo(source: number, target: number): number {
    const queues = this.#queues;
    if (source === target || queues.count(source) < 2) return -1;
    const difference = queues.loads.valueOf(source) - queues.loads.valueOf(target);
    if (difference <= 0 || !this.#ports.isOnline(source)) return -1;
    const running = this.#ports.currentOf(source);
    let thread = queues.first(source);
    for (let looked = 0; thread >= 0 && looked < BALANCE_SCAN_LIMIT; looked++) {
      const movable =
        thread !== running &&
        !queues.parameters.isRealTime(thread) &&
        queues.loadOf(thread) < difference &&
        this.#ports.cpuAllowed(thread, target);
      if (movable) return thread;
      thread = queues.next(thread);
    }
    return -1;
  }
}
