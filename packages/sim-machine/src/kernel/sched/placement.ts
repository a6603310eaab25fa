import type { RunQueues } from './run-queues.js';
import type { SchedulerPorts } from './scheduler-ports.js';

/**
 * Chooses the CPU a thread is queued on when it wakes up or is created.
 *
 * Answers depend only on the queues and the ports, and ties go to the lowest CPU id, so the same
 * state always gives the same CPU.
 *
 * @source kernel/sched/fair.c, select_task_rq_fair(); kernel/sched/rt.c, select_task_rq_rt()
 */
export class Placement {
  readonly #queues: RunQueues;
  readonly #ports: SchedulerPorts;
  readonly #mayRun: (cpu: number, thread: number) => boolean;

  constructor(queues: RunQueues, ports: SchedulerPorts) {
    this.#queues = queues;
    this.#ports = ports;
    this.#mayRun = (cpu, thread) => ports.isOnline(cpu) && ports.cpuAllowed(thread, cpu);
  }

  /**
   * The CPU for a thread that wakes up: the one it ran on when that idles; else an idle one near
   * the waker, then near the previous one; else the least loaded.
   *
   * A real-time thread stays unless its CPU is busy with its like; then it goes where it can run
   * at once.
   *
   * @param previousCpu where the thread ran last
   * @param wakerCpu where the waker runs, or -1 for a timer or device
   * @returns -1 when no online CPU is allowed: the caller widens the affinity, as Linux does
   */
  onWakeup(thread: number, previousCpu: number, wakerCpu: number): number {
    if (this.#queues.parameters.isRealTime(thread))
      return this.#onRealTimeWakeup(thread, previousCpu);
    if (this.#queues.count(previousCpu) === 0 && this.#mayRun(previousCpu, thread))
      return previousCpu;
    const { loads } = this.#queues;
    const previousNode = this.#ports.nodeOf(previousCpu);
    const wakerNode = wakerCpu < 0 ? previousNode : this.#ports.nodeOf(wakerCpu);
    const nearWaker = loads.lowest(wakerNode, this.#mayRun, thread);
    if (nearWaker >= 0 && this.#queues.count(nearWaker) === 0) return nearWaker;
    if (previousNode !== wakerNode) {
      const nearPrevious = loads.lowest(previousNode, this.#mayRun, thread);
      if (nearPrevious >= 0 && this.#queues.count(nearPrevious) === 0) return nearPrevious;
    }
    return loads.lowest(-1, this.#mayRun, thread);
  }

  /**
   * The CPU for a new thread: the least loaded, in the parent's node unless one elsewhere is less.
   *
   * @param parentCpu where the thread that created it runs
   * @returns -1 when no online CPU is allowed
   */
  onFork(thread: number, parentCpu: number): number {
    const { loads } = this.#queues;
    const near = loads.lowest(this.#ports.nodeOf(parentCpu), this.#mayRun, thread);
    const anywhere = loads.lowest(-1, this.#mayRun, thread);
    if (near < 0) return anywhere;
    return loads.valueOf(anywhere) < loads.valueOf(near) ? anywhere : near;
  }

  /**
   * The CPU where what runs now is of the lowest rank, in the given node when it has one of that
   * rank.
   *
   * @source kernel/sched/rt.c, find_lowest_rq()
   */
  lowestLevel(thread: number, node: number): number {
    const { levels } = this.#queues;
    const anywhere = levels.lowest(-1, this.#mayRun, thread);
    const near = levels.lowest(node, this.#mayRun, thread);
    if (near < 0) return anywhere;
    return levels.valueOf(near) === levels.valueOf(anywhere) ? near : anywhere;
  }

  #onRealTimeWakeup(thread: number, previousCpu: number): number {
    const { levels, parameters } = this.#queues;
    const priority = parameters.priority(thread);
    const mayStay = this.#mayRun(previousCpu, thread);
    if (mayStay && levels.valueOf(previousCpu) < priority) return previousCpu;
    const lowest = this.lowestLevel(thread, this.#ports.nodeOf(previousCpu));
    if (lowest >= 0 && (!mayStay || levels.valueOf(lowest) < priority)) return lowest;
    return mayStay ? previousCpu : lowest;
  }
}
