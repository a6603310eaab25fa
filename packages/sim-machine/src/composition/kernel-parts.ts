import type { ThreadId } from '../base/brand.js';
import type { StateArena } from '../base/state-arena.js';
import { createStepClock, type StepClock } from '../cpu/step-clock.js';
import { NO_GLANCE, createGlance } from '../cpu/glance.js';
import { createUserMode, type UserMode } from '../cpu/user-mode.js';
import type { Referee } from '../director/referee.js';
import { createInterpreter } from '../isa/interpreter.js';
import { CpuAvailability } from '../kernel/cpu-availability.js';
import { CpuPlacement } from '../kernel/cpu-placement.js';
import { FUTEX_MATCH_ANY } from '../kernel/futex/futex-operation.js';
import type { HookPoints } from '../kernel/hooks.js';
import { UNIT_COST } from '../kernel/kernel-cost.js';
import { KernelServices } from '../kernel/kernel-services.js';
import { KernelWork } from '../kernel/kernel-work.js';
import { Kernel } from '../kernel/kernel.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { MarkedCpus } from '../kernel/marked-cpus.js';
import { ProcessTable } from '../kernel/process-table.js';
import { ProcessControl } from '../kernel/process/process-control.js';
import { RunTime } from '../kernel/run-time.js';
import { Placement as PolicyPlacement } from '../kernel/sched/placement.js';
import { RunQueues } from '../kernel/sched/run-queues.js';
import { Scheduler } from '../kernel/scheduler.js';
import { SharedMemoryTable } from '../kernel/shared-memory.js';
import { SyscallTable } from '../kernel/syscalls/syscall-table.js';
import { createThreadContext, type ThreadContext } from '../kernel/thread-context.js';
import { createThreadSteps, type ThreadSteps } from '../kernel/thread-steps.js';
import { Thread } from '../kernel/thread.js';
import { KernelClock } from '../kernel/time/kernel-clock.js';
import { UserMemory } from '../kernel/user-memory.js';
import type { QuickAccess } from '../kernel/user-memory.js';
import type { CheckedConfig } from '../machine-config.js';
import type { AddressSpace } from '../memory/address-space.js';
import type { MachineEvents } from '../observe/machine-events.js';
import type { Hardware } from './hardware.js';

/** What the kernel stands on. */
export interface KernelContext {
  readonly config: CheckedConfig;
  readonly arena: StateArena;
  readonly events: MachineEvents;
  readonly hooks: HookPoints;
  readonly referee: Referee;
  readonly hardware: Hardware;
}

/** Scheduler, processes and threads, system calls and user mode, put together. */
export class KernelParts {
  readonly syscalls: SyscallTable = new SyscallTable();
  readonly sharedMemory: SharedMemoryTable;
  readonly queues: RunQueues;
  readonly marked: MarkedCpus;
  readonly activated: MarkedCpus;
  readonly clock: KernelClock;
  readonly runTime: RunTime;
  readonly scheduler: Scheduler;
  readonly processes: ProcessTable;
  readonly objects: readonly Thread[];
  readonly placement: CpuPlacement;
  readonly lifecycle: Lifecycle;
  readonly user: UserMemory;
  /** Where the kernel finds pages that it may access as the executors do. */
  readonly quickAccess: QuickAccess;
  /** Work of modules that takes longer than an access here and there. */
  readonly work: KernelWork;
  readonly services: KernelServices;
  readonly control: ProcessControl;
  readonly kernel: Kernel;
  readonly userMode: UserMode;
  readonly stepClock: StepClock;
  readonly context: ThreadContext;
  readonly steps: ThreadSteps;
  readonly maxProcesses: number;

  constructor(context: KernelContext) {
    const { config, arena, events, hooks, referee, hardware } = context;
    const { cpus, threads, memory, cost, topology, faults, access } = hardware;
    this.maxProcesses = config.maxProcesses;
    const { syscalls } = this;
    const sharedMemory = (this.sharedMemory = new SharedMemoryTable(memory.objects));
    const queues = (this.queues = new RunQueues({
      arena,
      maxThreads: config.maxThreads,
      cpus: topology.cpus,
      nodeOf: (cpu) => topology.nodeOf(cpu),
      ordered: referee.scheduling === 'policy',
    }));
    const marked = (this.marked = new MarkedCpus(cpus.capacity));
    const activated = (this.activated = new MarkedCpus(cpus.capacity));
    const clock = (this.clock = new KernelClock(cpus, cost.nsPerCycle));
    const runTime = (this.runTime = new RunTime(cpus, threads, queues, referee, cost.nsPerCycle));
    const drain = (cpu: number): void => {
      memory.model.drainAll(cpu);
    };
    const common = { arena, threads, cpus, queues, hooks, events, referee, runTime, marked, clock };
    const scheduler = (this.scheduler = new Scheduler({
      ...common,
      activated,
      switches:
        memory.model.buffersStores || cost !== UNIT_COST
          ? {
              switching(cpu) {
                drain(cpu);
                cost.contextSwitch(cpu);
              },
              arriving: drain,
            }
          : undefined,
    }));
    const processes = (this.processes = new ProcessTable(
      arena,
      config.maxProcesses,
      {
        host: memory.host,
        sharedMemory,
        spawn: (process, body, options, args) => this.lifecycle.spawn(process, body, options, args),
        kill: (process, signal) => {
          this.control.kill(process, signal);
        },
      },
      memory.spaces,
    ));
    const objects: Thread[] = [];
    this.objects = objects;
    const available = new CpuAvailability(cpus, threads);
    const policyPlacement = new PolicyPlacement(queues, available);
    const placement = (this.placement = new CpuPlacement(
      { threads, queues, referee, available, policy: policyPlacement },
      topology.cpus[0]!,
    ));
    const memoryContext = (this.context = createThreadContext(memory.bus, processes, threads));
    const lifecycle = (this.lifecycle = new Lifecycle({
      ...common,
      processes,
      scheduler,
      context: memoryContext,
      placement,
      objects,
    }));
    const quickAccess = (this.quickAccess = {
      words: memory.physical.words,
      translations: memory.translations.entries,
      current: memory.bus,
    });
    const space = (): AddressSpace => processes.spaceOf(threads.process[memory.bus.thread]!);
    const user = (this.user = new UserMemory(memory.user, space, quickAccess));
    this.work = new KernelWork({
      ...common,
      scheduler,
      access: memory.user,
      model: memory.model,
      cost,
      meter: hardware.meter,
      cpu: () => memory.bus.currentCpu,
      space,
      context: memoryContext,
    });
    const services = (this.services = new KernelServices({
      ...common,
      scheduler,
      syscalls,
      available,
      placement,
      policyPlacement,
      user,
      timerSignals: {
        toProcess: (process, signal, value) => {
          this.control.signals.toProcess(process, signal, value);
        },
        toThread: (thread, signal, value) => {
          this.control.signals.toThread(thread, signal, value);
        },
      },
      maxProcesses: config.maxProcesses,
      spaceOf: (thread) => processes.at(threads.process[thread]!).space,
      objectOf: (_thread, descriptor) => sharedMemory.at(descriptor),
      threadCount: (process) => processes.at(process).threadCount,
      drain,
      interrupt: (cpu) => cost.interrupt(cpu),
      acknowledged: (cpu) => cost.acknowledgement(cpu),
    }));
    const control = (this.control = new ProcessControl({
      ...common,
      processes,
      objects,
      lifecycle,
      scheduler,
      placement,
      sleeps: services.sleeps,
      syscalls,
      user,
      host: memory.host,
      context: memoryContext,
      futexes: {
        wakeOne: (thread, address) => {
          services.futexes.wake(thread, address, true, 1, FUTEX_MATCH_ANY);
        },
      },
      text: hardware.programs,
      cost,
      maxThreads: config.maxThreads,
      trampoline: access.syscall.address + 4,
      drain,
    }));
    const kernel: Kernel = (this.kernel = new Kernel({
      ...common,
      scheduler,
      syscalls,
      signals: control.signals,
      sleepers: services.nanosleep,
      lifecycle,
      context: memoryContext,
      cost: {
        syscall: (cpu) => {
          this.stepClock.advance();
          cost.syscall(cpu);
        },
      },
      faults,
      catchUp: (cpu) => {
        memory.model.catchUp(cpu);
      },
      exitAddress: access.syscall.address,
    }));
    const { dependencies } = hardware;
    const plain = createInterpreter(hardware.environment);
    const interpret = dependencies?.follow(plain) ?? plain;
    const userMode = (this.userMode = createUserMode(
      threads.registers,
      objects,
      interpret,
      hardware.programs.steps,
      kernel,
    ));
    userMode.stopAnywhere = referee.granularity === 'instruction';
    userMode.followsChains = !config.fingerprint;
    this.stepClock = createStepClock(cpus.cycles, userMode.budget, hardware.cyclesPerInstruction);
    const steps = (this.steps = createThreadSteps({
      context: memoryContext,
      clock,
      stepClock: this.stepClock,
      userMode,
      tracing: control.tracing,
      steps: cpus.steps,
    }));
    if (referee.granularity === 'access') kernel.advanceBy(steps);
    const { programs } = hardware;
    const { generation } = memory.translations;
    const glance = config.fingerprint
      ? NO_GLANCE
      : createGlance(hardware.environment, generation, userMode.budget);
    for (let id = 0; id < config.maxThreads; id++)
      objects.push(
        new Thread(id as ThreadId, {
          registers: threads.registers,
          history: threads.history,
          userMode,
          glance,
          access,
          programs,
          dependencies,
        }),
      );
  }

  /** Forgets threads and processes, before the arena and the hardware are reset. */
  forget(): void {
    this.lifecycle.reset();
    this.processes.reset();
  }

  /** As after construction; arena and hardware are reset before. */
  reset(): void {
    this.sharedMemory.reset();
    this.queues.reset();
    this.marked.reset();
    this.activated.reset();
    this.clock.reset();
    this.runTime.reset();
    this.userMode.budget[0] = 0;
  }
}
