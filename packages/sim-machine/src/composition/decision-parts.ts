import { RegisterFile } from '../cpu/register-file.js';
import type { Decision } from '../director/decision.js';
import { createDecisionExecutor, type DecisionExecutor } from '../director/decision-executor.js';
import type { DecisionHandlers } from '../director/decision-executor.js';
import { DecisionRules } from '../director/decision-rules.js';
import type { DecisionPoint } from '../director/director.js';
import type { LookAhead } from '../director/look-ahead.js';
import {
  OperationKind,
  createPendingOperation,
  pendingOperation,
} from '../isa/pending-operation.js';
import type { PendingOperation } from '../isa/pending-operation.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import { PageOut } from '../kernel/page-out.js';
import { SignalNumber, isSignal } from '../kernel/signal/signal-number.js';
import { SleepEnd } from '../kernel/sleeps.js';
import { SyscallNumber } from '../kernel/syscalls/syscall-number.js';
import { ThreadState } from '../kernel/thread-state.js';
import { WaitKind } from '../kernel/wait-kind.js';
import { NEWEST_MOMENT } from '../memory/access-views.js';
import { PAGE_BYTES, PAGE_OFFSET_MASK } from '../memory/page.js';
import { FRAME_ADDRESS_MASK, READABLE_ENTRY } from '../memory/page-entry.js';
import type { Hardware } from './hardware.js';
import type { KernelParts } from './kernel-parts.js';

/** What can be decided, and how it is carried out. */
export class DecisionParts implements LookAhead {
  readonly rules: DecisionRules;
  readonly executor: DecisionExecutor;
  readonly point: DecisionPoint;
  readonly #hardware: Hardware;
  readonly #parts: KernelParts;
  readonly #pending = createPendingOperation();
  readonly #pageOut: PageOut;
  #isHeldBack: ((thread: number) => boolean) | undefined;

  constructor(hardware: Hardware, parts: KernelParts) {
    this.#hardware = hardware;
    this.#parts = parts;
    const { cpus, threads, memory, faults, topology } = hardware;
    const { queues, scheduler, control, services, processes } = parts;
    this.#pageOut = new PageOut({
      threads,
      spaces: memory.spaces,
      spaceOf: (thread) => processes.at(threads.process[thread]!).space,
      addressOf: (thread) => {
        const operation = this.#look(thread);
        return operation.size === 0 ? -1 : operation.address;
      },
    });
    const canStep = (thread: number): boolean => this.#canStep(thread);
    const pendingStores = (cpu: number): number => memory.model.pendingStores(cpu);
    const rules = (this.rules = new DecisionRules({
      threads,
      cpus,
      queues,
      canStep,
      exitsUnseen: (thread) => this.#exitsUnseen(thread),
      pendingStores,
      mayDrain: (cpu, index) => memory.model.mayDrain(cpu, index),
      canPageOut: (thread) => this.#pageOut.possible(thread),
      canSignal: (thread, signal) => control.signals.wouldNotice(thread, signal),
      mayMigrate: (thread, cpu) => scheduler.mayMigrate(thread, cpu),
      mayPreempt: (cpu, thread) => scheduler.mayPreempt(cpu, thread),
      armedTimers: () => services.timers.armed(),
      liveProcesses: () => processes.running(),
    }));
    this.executor = createDecisionExecutor(cpus, parts.steps, this.#handlers());
    this.point = {
      enumerate: (out: Decision[]) => rules.enumerate(out),
      currentOn: (cpu) => cpus.current[cpu]!,
      possibleCpus: topology.cpus,
      cyclesOf: (cpu) => cpus.cycles[cpu]!,
      timers: services.timers,
      pageIns: faults,
      activated: parts.activated,
      canProgress: (cpu) => cpus.current[cpu]! >= 0 && canStep(cpus.current[cpu]!),
      isDeadlocked: () => this.#isDeadlocked(),
      pendingStores,
    };
  }

  operation(thread: number, into: PendingOperation): PendingOperation {
    return pendingOperation(this.#hardware.environment, thread * REGISTER_STRIDE, into);
  }

  holdBack(isHeldBack: ((thread: number) => boolean) | undefined): void {
    this.#isHeldBack = isHeldBack;
  }

  pretend(cpu: number, physical: number, size: number, value: number): void {
    const { memory } = this.#hardware;
    memory.physical.write(physical, size, value, 0);
    memory.model.catchUp(cpu);
  }

  givesWay(thread: number, other: number): boolean {
    const { queues } = this.#parts;
    const cpu = queues.cpuOf(thread);
    if (cpu < 0 || thread === other || queues.cpuOf(other) !== cpu) return false;
    return queues.parameters.priority(thread) === queues.parameters.priority(other);
  }

  physicalAddress(thread: number, address: number): number {
    const { space } = this.#parts.processes.at(this.#hardware.threads.process[thread]!);
    const entry = space.pages.entry(address);
    if ((entry & READABLE_ENTRY) !== READABLE_ENTRY) return -1;
    return (entry & FRAME_ADDRESS_MASK) | (address & PAGE_OFFSET_MASK);
  }

  #look(thread: number): PendingOperation {
    return this.operation(thread, this.#pending);
  }

  /** False for a thread in front of an await that is not met, and for one that is held back. */
  #canStep(thread: number): boolean {
    const { kind, address, value } = this.#look(thread);
    if (kind !== OperationKind.Await) return this.#isHeldBack?.(thread) !== true;
    const { threads, cpus, memory, dependencies } = this.#hardware;
    const { space } = this.#parts.processes.at(threads.process[thread]!);
    const entry = space.pages.entry(address);
    const offset = address & PAGE_OFFSET_MASK;
    // A page that is not there makes the thread fault, which is progress. Looking changes nothing.
    if ((entry & READABLE_ENTRY) !== READABLE_ENTRY || offset + 4 > PAGE_BYTES) return true;
    const cpu = threads.cpu[thread]!;
    // A thread that is not on its CPU finds what is newest when it gets there.
    const isRunning = cpus.current[cpu] === thread;
    const moment = isRunning ? (dependencies?.addressMoment(thread) ?? 0) : NEWEST_MOMENT;
    return memory.model.differs(cpu, (entry & FRAME_ADDRESS_MASK) | offset, value, moment);
  }

  /** Whether every runnable thread, running or queued, is in front of an await that is not met. */
  #isDeadlocked(): boolean {
    const { threads } = this.#hardware;
    for (let thread = 0; thread < threads.highWater; thread++)
      if (threads.state[thread] === ThreadState.Runnable && this.#canStep(thread)) return false;
    return true;
  }

  #exitsUnseen(thread: number): boolean {
    const { threads, access } = this.#hardware;
    const base = thread * REGISTER_STRIDE;
    return (
      threads.registers[base + RegisterFile.Ip] === access.syscall.address &&
      threads.registers[base] === SyscallNumber.exit &&
      this.#parts.lifecycle.exitsUnseen(thread)
    );
  }

  #pageIn(thread: number): boolean {
    const { threads, faults } = this.#hardware;
    const { processes, clock, scheduler, placement } = this.#parts;
    const waits =
      threads.state[thread] === ThreadState.Uninterruptible &&
      threads.waitKind[thread] === WaitKind.Page;
    if (!waits) return false;
    processes.at(threads.process[thread]!).space.swapIn(threads.waitKey[thread]!);
    clock.interrupt(threads.cpu[thread]!, faults.arrivalCycles(thread));
    scheduler.wake(thread, placement.forWakeup(thread, -1), false);
    return true;
  }

  /** Handlers; operands that a kind does not use have to be 0. */
  #handlers(): DecisionHandlers {
    const { cpus, threads, memory } = this.#hardware;
    const { scheduler, services, control, processes, kernel } = this.#parts;
    return {
      Preempt: (cpu, thread) => {
        if (!scheduler.mayPreempt(cpu, thread)) return false;
        if (!kernel.refusesCpu(cpu)) scheduler.preempt(cpu, thread);
        return true;
      },
      Migrate: (cpu, thread) => {
        if (!scheduler.mayMigrate(thread, cpu)) return false;
        const from = threads.cpu[thread]!;
        const isRunning = cpus.current[from] === thread;
        if (!isRunning || !kernel.refusesCpu(from)) scheduler.migrate(thread, cpu);
        return true;
      },
      Drain: (cpu, index) => cpus.isPossible[cpu] === 1 && memory.model.drainOne(cpu, index),
      Tick: (cpu, y) => y === 0 && services.tick.tick(cpu),
      Timer: (x, y) => services.timers.expire((x << 16) | y),
      SpuriousWake: (x, thread) =>
        x === 0 &&
        threads.waitKind[thread] === WaitKind.Futex &&
        services.sleeps.end(thread, SleepEnd.Spurious),
      PageOut: (x, thread) => x === 0 && this.#pageOut.carryOut(thread),
      PageIn: (x, thread) => x === 0 && this.#pageIn(thread),
      Signal: (signal, thread) => {
        if (!isSignal(signal) || (threads.state[thread] ?? ThreadState.Free) === ThreadState.Free)
          return false;
        if (!control.signals.wouldNotice(thread, signal)) return false;
        control.signals.send(thread, signal);
        return true;
      },
      Kill: (x, process) => {
        if (x !== 0 || !processes.isRunning(process)) return false;
        control.kill(process, SignalNumber.SIGKILL);
        return true;
      },
      // The debugger is not part of the machine: what the thread notices is that it was off its CPU.
      SingleStep: (cpu, thread) => {
        if (cpu >= cpus.capacity || cpus.current[cpu] !== thread) return false;
        scheduler.preempt(cpu, thread);
        return true;
      },
      Offline: (cpu, y) => y === 0 && cpus.online[cpu] === 1 && services.hotplug.offline(cpu) === 0,
      Online: (cpu, y) => y === 0 && cpus.online[cpu] === 0 && services.hotplug.online(cpu) === 0,
    };
  }
}
