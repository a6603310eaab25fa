import type { Placement } from './placement.js';
import type { RunQueues } from './run-queues.js';
import type { SchedulerPorts } from './scheduler-ports.js';

/**
 * Spreads real-time threads, so that the highest priorities run wherever they may.
 *
 * After a CPU got a real-time thread that cannot run, push; before a CPU goes down in priority,
 * pull.
 *
 * @source kernel/sched/rt.c, push_rt_task(), pull_rt_task()
 */
export class RealTimeBalancer {
  readonly #queues: RunQueues;
  readonly #ports: SchedulerPorts;
  readonly #placement: Placement;
  readonly #cpus: readonly number[];

  /** @param cpus possible CPU ids, ascending */
  constructor(
    queues: RunQueues,
    ports: SchedulerPorts,
    placement: Placement,
    cpus: readonly number[],
  ) {
    this.#queues = queues;
    this.#ports = ports;
    this.#placement = placement;
    this.#cpus = cpus;
  }

  /** The highest real-time thread that waits on this CPU and has somewhere to go at once; or -1. */
  pushCandidate(cpu: number): number {
    const { realTime } = this.#queues;
    if (realTime.count(cpu) < 2) return -1;
    const running = this.#ports.currentOf(cpu);
    for (let thread = realTime.head(cpu); thread >= 0; thread = this.#following(cpu, thread))
      if (thread !== running && this.pushTarget(cpu, thread) >= 0) return thread;
    return -1;
  }

  /** The CPU on which the thread would run at once, or -1. */
  pushTarget(cpu: number, thread: number): number {
    const target = this.#placement.lowestLevel(thread, this.#ports.nodeOf(cpu));
    if (target < 0 || target === cpu) return -1;
    const level = this.#queues.levels.valueOf(target);
    return level < this.#queues.parameters.priority(thread) ? target : -1;
  }

  /**
   * The highest real-time thread that waits on another CPU, may run here, and outranks all that is
   * queued here; or -1. Of equal ones the lowest CPU's.
   */
  pullCandidate(cpu: number): number {
    if (this.#queues.realTime.overloadedCpus === 0) return -1;
    let best = -1;
    let bestPriority = Math.max(this.#queues.levels.valueOf(cpu), 0);
    for (const source of this.#cpus) {
      if (source === cpu || this.#queues.realTime.count(source) < 2) continue;
      const thread = this.#highestWaiting(source, cpu);
      if (thread < 0) continue;
      const priority = this.#queues.parameters.priority(thread);
      if (priority <= bestPriority) continue;
      best = thread;
      bestPriority = priority;
    }
    return best;
  }

  #highestWaiting(source: number, target: number): number {
    const running = this.#ports.currentOf(source);
    let thread = this.#queues.realTime.head(source);
    while (thread >= 0 && (thread === running || !this.#ports.cpuAllowed(thread, target)))
      thread = this.#following(source, thread);
    return thread;
  }

  #following(cpu: number, thread: number): number {
    const { realTime, parameters } = this.#queues;
    return realTime.following(cpu, thread, parameters.priority(thread));
  }
}
