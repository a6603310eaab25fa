import type { CpuTable } from '../../cpu/cpu-table.js';
import type { Referee } from '../../director/referee.js';
import type { CpuBalancing } from '../cpu-balancing.js';
import type { MarkedCpus } from '../marked-cpus.js';
import type { RunTime } from '../run-time.js';
import type { RunQueues } from '../sched/run-queues.js';
import type { Scheduler } from '../scheduler.js';
import type { KernelClock } from './kernel-clock.js';

/** Parts that the tick works on. */
export interface TimerTickPorts {
  readonly cpus: CpuTable;
  readonly queues: RunQueues;
  readonly scheduler: Scheduler;
  readonly runTime: RunTime;
  readonly referee: Referee;
  readonly balancing: CpuBalancing;
  readonly clock: KernelClock;
  readonly marked: MarkedCpus;
  /** The CPU takes an interrupt. */
  interrupt(cpu: number): void;
}

/**
 * The periodic timer interrupt of a CPU.
 *
 * Under a policy it charges the running thread, which may end its slice, and balances. Under a free
 * director, where time means nothing, it ends the quantum of a round-robin thread.
 *
 * @source sched_tick() in kernel/sched/core.c
 */
export class TimerTick {
  readonly #ports: TimerTickPorts;

  constructor(ports: TimerTickPorts) {
    this.#ports = ports;
  }

  /** Takes the interrupt; false, with nothing done, on a CPU that idles or is offline. */
  tick(cpu: number): boolean {
    const { cpus, queues, scheduler, runTime, referee, balancing, clock, marked } = this.#ports;
    const current = cpu < cpus.capacity ? cpus.current[cpu]! : -1;
    if (current < 0) return false;
    clock.act(cpu);
    this.#ports.interrupt(cpu);
    marked.mark(cpu);
    if (referee.scheduling === 'free') {
      if (queues.endQuantum(cpu, current)) scheduler.requestReschedule(cpu);
      return true;
    }
    runTime.charge(cpu);
    balancing.tick(cpu);
    return true;
  }
}
