import { Errno } from '../../base/errno.js';
import type { CpuTable } from '../../cpu/cpu-table.js';
import type { MachineEvents } from '../../observe/machine-events.js';
import type { CpuAvailability } from '../cpu-availability.js';
import type { MarkedCpus } from '../marked-cpus.js';
import type { RunQueues } from '../sched/run-queues.js';
import type { Scheduler } from '../scheduler.js';
import type { KernelClock } from '../time/kernel-clock.js';
import type { KernelTimers } from '../time/kernel-timers.js';

/** Parts that hotplug works on. */
export interface HotplugPorts {
  readonly cpus: CpuTable;
  readonly queues: RunQueues;
  readonly scheduler: Scheduler;
  readonly available: CpuAvailability;
  readonly timers: KernelTimers;
  readonly clock: KernelClock;
  readonly marked: MarkedCpus;
  readonly events: MachineEvents;
  /** Makes the CPU's buffered stores visible. */
  drain(cpu: number): void;
}

/**
 * Takes CPUs out of service and puts them back.
 *
 * Threads that are runnable on a CPU that goes away move to others at once, the running one too;
 * where their affinity mask has no other, it is widened to all CPUs, and stays so. Sleeping threads
 * are moved when they wake.
 *
 * @source Documentation/core-api/cpu_hotplug.rst, kernel/cpu.c, sched_cpu_dying() in
 *   kernel/sched/core.c
 */
export class Hotplug {
  readonly #ports: HotplugPorts;

  constructor(ports: HotplugPorts) {
    this.#ports = ports;
  }

  /**
   * Takes a CPU offline; one that is offline stays so.
   *
   * @returns 0; -EINVAL when there is no such CPU; -EBUSY for the last one
   */
  offline(cpu: number): number {
    const { cpus, queues, scheduler, available, timers, marked } = this.#ports;
    if (cpus.isPossible[cpu] !== 1) return -Errno.EINVAL;
    if (cpus.online[cpu] === 0) return 0;
    const other = cpus.possible.find((id) => id !== cpu && cpus.online[id] === 1);
    if (other === undefined) return -Errno.EBUSY;
    cpus.online[cpu] = 0;
    queues.setOnline(cpu, false);
    for (let thread = queues.first(cpu); thread >= 0; thread = queues.first(cpu))
      scheduler.migrate(thread, available.fallback(thread, cpu));
    this.#ports.drain(cpu);
    timers.migrate(cpu, other);
    marked.mark(cpu);
    this.#announce(cpu, false);
    return 0;
  }

  /**
   * Puts a CPU into service; one that is online stays so.
   *
   * @returns 0, or -EINVAL when there is no such CPU
   */
  online(cpu: number): number {
    const { cpus, queues, clock, marked } = this.#ports;
    if (cpus.isPossible[cpu] !== 1) return -Errno.EINVAL;
    if (cpus.online[cpu] === 1) return 0;
    cpus.online[cpu] = 1;
    queues.setOnline(cpu, true);
    clock.catchUp(cpu);
    marked.mark(cpu);
    this.#announce(cpu, true);
    return 0;
  }

  #announce(cpu: number, online: boolean): void {
    const { events } = this.#ports;
    if (events.wanted.hotplug) events.emit('hotplug', { cpu, online });
  }
}
