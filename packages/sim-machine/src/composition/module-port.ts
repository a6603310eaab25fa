import type { StateArena } from '../base/state-arena.js';
import { ExitWork } from '../kernel/exit-work.js';
import type { KernelPort } from '../kernel/kernel-module.js';
import { UserStruct } from '../kernel/user-struct.js';
import type { MachineEvents } from '../observe/machine-events.js';
import type { Hardware } from './hardware.js';
import type { KernelParts } from './kernel-parts.js';

/** Makes the port through which kernel modules reach into a machine. */
export function createModulePort(
  arena: StateArena,
  events: MachineEvents,
  hardware: Hardware,
  parts: KernelParts,
): KernelPort {
  const { threads, cpus, memory, topology } = hardware;
  const { user, syscalls, control, services, scheduler } = parts;
  return {
    arena,
    threads,
    cpus,
    user,
    userStruct: (bytes) => new UserStruct(user, parts.quickAccess, bytes),
    work: parts.work,
    events,
    maxProcesses: parts.maxProcesses,
    pageFaults: () => memory.user.faults,
    isText: (address, bytes) => address >= memory.text.base && address + bytes <= memory.text.end,
    textVersion: () => hardware.programs.version,
    registerSyscall: (number, handler) => {
      syscalls.register(number, handler);
    },
    registerPtraceRequest: (request, handler) => {
      control.ptrace.register(request, handler);
    },
    cpuTimers: (expired) => services.cpuTimers.give(expired),
    requestReschedule: (cpu) => {
      scheduler.requestReschedule(cpu);
    },
    notifyResume: (thread) => {
      threads.exitWork[thread]! |= ExitWork.NotifyResume;
    },
    forceSignal: (thread, signal) => {
      control.signals.force(thread, signal);
    },
    syscallFor: (thread, number, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0) => {
      const { bus, model } = memory;
      const interrupted = bus.thread;
      const isInterrupting = cpus.current[bus.currentCpu] === interrupted;
      const cpu = isInterrupting ? bus.currentCpu : topology.cpus[0]!;
      // A buffer holds stores of one thread; and this one need not run on this CPU.
      model.drainAll(cpu);
      parts.context.enter(cpu, thread);
      const result = syscalls.handler(number)(thread, a1, a2, a3, a4, a5, a6);
      model.drainAll(cpu);
      if (isInterrupting) parts.context.enter(cpu, interrupted);
      return result;
    },
  };
}
