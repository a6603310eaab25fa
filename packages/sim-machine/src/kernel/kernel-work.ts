import { CostKind } from '../cpu/cost-kind.js';
import type { CpuTable } from '../cpu/cpu-table.js';
import type { AddressSpace } from '../memory/address-space.js';
import type { AccessCost } from '../memory/access-observer.js';
import { FaultAccess } from '../memory/fault-outcome.js';
import type { MemoryModel } from '../memory/memory-model.js';
import { FenceKind } from '../memory/memory-port.js';
import type { UserAccess } from '../memory/user-access.js';
import { SwitchReason } from './exit-work.js';
import type { HookPoints } from './hooks.js';
import type { KernelCost } from './kernel-cost.js';
import type { MarkedCpus } from './marked-cpus.js';
import type { Scheduler } from './scheduler.js';
import type { ThreadTable } from './thread-table.js';

/**
 * Work that a module does at length on a program's data, within one system call.
 *
 * Its accesses are those of the CPU it runs on, through that CPU's store buffer, and unlike a
 * `get_user` here and there they are priced one by one.
 */
export interface KernelWorkPort {
  /** The upper word that the last load of 8 bytes found. */
  readonly high: number;
  /** True when the last access met an address that the thread may not use; it had no effect. */
  readonly failed: boolean;
  /**
   * Makes a page present, and writable where asked, as `get_user_pages` does.
   *
   * @param address any byte of the page
   * @returns false when the thread could not access it either
   */
  pin(address: number, write: boolean): boolean;
  /** Loads 1, 2, 4 or 8 bytes; returns as `MemoryPort.load` does. */
  load(address: number, size: number): number;
  /** Stores the low 1, 2, 4 or 8 bytes of a value. */
  store(address: number, size: number, low: number, high: number): void;
  /** Executes a full fence on the CPU that works. */
  fence(): void;
  /** Charges the CPU that works for something that happened `times` times. */
  charge(kind: CostKind, times: number): void;
  /**
   * Carries out `work` on an online CPU with preemption off, for the thread whose system call runs.
   *
   * If it is another CPU, the thread moves there for good, and whatever runs there is interrupted as
   * by the stopper thread of the CPU: it sees a preemption, and its buffered stores reach memory
   * before the work begins. The stopper comes before every scheduling class, so nothing has to be
   * waited for; when the thread runs again is up to the scheduler of that CPU.
   *
   * @returns what `work` returned
   * @source kernel/stop_machine.c (stop_one_cpu)
   */
  runOn(thread: number, cpu: number, work: () => number): number;
}

/** Parts that {@link KernelWork} works with. */
export interface KernelWorkParts {
  readonly threads: ThreadTable;
  readonly cpus: CpuTable;
  readonly access: UserAccess;
  readonly model: MemoryModel;
  readonly scheduler: Scheduler;
  readonly hooks: HookPoints;
  readonly marked: MarkedCpus;
  readonly cost: KernelCost;
  /** Prices accesses and everything else; undefined without a cost model. */
  readonly meter: (AccessCost & { charge(cpu: number, kind: CostKind): void }) | undefined;
  /** The CPU that works. */
  cpu(): number;
  /** The address space of the thread that is in the kernel. */
  space(): AddressSpace;
  /** From now on accesses are made by this thread on this CPU. */
  enter(cpu: number, thread: number): void;
}

/** See {@link KernelWorkPort}. */
export class KernelWork implements KernelWorkPort {
  high = 0;
  failed = false;
  readonly #parts: KernelWorkParts;

  constructor(parts: KernelWorkParts) {
    this.#parts = parts;
  }

  pin(address: number, write: boolean): boolean {
    const { access, space } = this.#parts;
    return access.touch(space(), address, write ? FaultAccess.Write : FaultAccess.Read);
  }

  load(address: number, size: number): number {
    const { access, space, meter } = this.#parts;
    this.charge(CostKind.Instruction, 1);
    access.cost = meter;
    this.failed = !access.get(space(), address, size);
    access.cost = undefined;
    this.high = access.high;
    return access.value;
  }

  store(address: number, size: number, low: number, high: number): void {
    const { access, space, meter } = this.#parts;
    this.charge(CostKind.Instruction, 1);
    access.cost = meter;
    this.failed = !access.put(space(), address, size, low, high);
    access.cost = undefined;
  }

  fence(): void {
    const { model, cpu } = this.#parts;
    model.fence(cpu(), FenceKind.Full);
    this.charge(CostKind.FullFence, 1);
  }

  charge(kind: CostKind, times: number): void {
    const { meter, cpu } = this.#parts;
    if (meter === undefined) return;
    for (let i = 0; i < times; i++) meter.charge(cpu(), kind);
  }

  runOn(thread: number, cpu: number, work: () => number): number {
    const { threads, cpus, scheduler, hooks, marked, cost, model, enter } = this.#parts;
    if (threads.cpu[thread] === cpu) return work();
    scheduler.migrate(thread, cpu);
    const interrupted = cpus.current[cpu]!;
    // A buffer holds stores of one thread, and a switch of threads makes them visible.
    model.drainAll(cpu);
    cost.contextSwitch(cpu);
    if (interrupted >= 0) hooks.switchedOut(interrupted, SwitchReason.Preempted);
    enter(cpu, thread);
    const result = work();
    model.drainAll(cpu);
    cost.contextSwitch(cpu);
    if (interrupted >= 0) hooks.switchedIn(interrupted, cpu);
    marked.mark(cpu);
    return result;
  }
}
