import type { StateArena } from '../base/state-arena.js';
import type { CpuTable } from '../cpu/cpu-table.js';
import type { Referee } from '../director/referee.js';
import type { AddressSpace } from '../memory/address-space.js';
import type { MemoryObject } from '../memory/memory-object.js';
import type { MachineEvents } from '../observe/machine-events.js';
import { CpuAffinity } from './cpu-affinity.js';
import type { CpuAvailability } from './cpu-availability.js';
import { CpuBalancing } from './cpu-balancing.js';
import { FutexQueues } from './futex/futex-queues.js';
import { Futexes } from './futex/futexes.js';
import type { HookPoints } from './hooks.js';
import { Hotplug } from './hotplug/hotplug.js';
import type { UserMemoryPort } from './user-memory-port.js';
import type { MarkedCpus } from './marked-cpus.js';
import { Membarrier } from './membarrier/membarrier.js';
import type { Placement } from './placement.js';
import type { RunTime } from './run-time.js';
import { LoadBalancer } from './sched/load-balancer.js';
import type { Placement as PolicyPlacement } from './sched/placement.js';
import { RealTimeBalancer } from './sched/real-time-balancer.js';
import type { RunQueues } from './sched/run-queues.js';
import type { Scheduler } from './scheduler.js';
import { Sleeps } from './sleeps.js';
import { registerAffinitySyscalls } from './syscalls/affinity-syscalls.js';
import { registerFutexSyscall } from './syscalls/futex-syscalls.js';
import { registerMembarrierSyscall } from './syscalls/membarrier-syscall.js';
import { registerMemorySyscalls } from './syscalls/memory-syscalls.js';
import { registerSchedSyscalls } from './syscalls/sched-syscalls.js';
import { SyscallNumber } from './syscalls/syscall-number.js';
import type { SyscallTable } from './syscalls/syscall-table.js';
import { registerTimeSyscalls } from './syscalls/time-syscalls.js';
import type { ThreadTable } from './thread-table.js';
import { CpuTimers } from './time/cpu-timers.js';
import type { KernelClock } from './time/kernel-clock.js';
import { KernelTimers } from './time/kernel-timers.js';
import { Nanosleep } from './time/nanosleep.js';
import { PosixTimers } from './time/posix-timers.js';
import type { TimerSignalPort } from './time/posix-timers.js';
import { TimerHeap } from './time/timer-heap.js';
import { TimerTick } from './time/timer-tick.js';

/** What the services stand on. */
export interface KernelServicePorts {
  readonly arena: StateArena;
  readonly threads: ThreadTable;
  readonly cpus: CpuTable;
  readonly queues: RunQueues;
  readonly scheduler: Scheduler;
  readonly runTime: RunTime;
  readonly referee: Referee;
  readonly hooks: HookPoints;
  readonly events: MachineEvents;
  readonly marked: MarkedCpus;
  readonly syscalls: SyscallTable;
  readonly clock: KernelClock;
  readonly available: CpuAvailability;
  readonly placement: Placement;
  readonly policyPlacement: PolicyPlacement;
  /** Memory of the thread that is in the kernel. */
  readonly user: UserMemoryPort;
  readonly timerSignals: TimerSignalPort;
  readonly maxProcesses: number;
  /** The address space of a thread. */
  spaceOf(thread: number): AddressSpace;
  /** The memory object behind a file descriptor of the thread's process, or undefined. */
  objectOf(thread: number, descriptor: number): MemoryObject | undefined;
  /** Threads of a process that have not exited. */
  threadCount(process: number): number;
  /** Makes the CPU's buffered stores visible. */
  drain(cpu: number): void;
  /** The CPU takes an interrupt: a tick, or one from another CPU. */
  interrupt(cpu: number): void;
  /** The CPU has interrupted others, and waited until they had taken it. */
  acknowledged(cpu: number): void;
}

/** Timers that all programs of a machine can have at once. */
const POSIX_TIMERS = 32;

/**
 * What the kernel does for programs beyond running them: sleeping and time, futexes, membarrier,
 * scheduling parameters, address spaces, hotplug and balancing; with their system calls.
 */
export class KernelServices {
  readonly timers: KernelTimers;
  readonly cpuTimers: CpuTimers;
  readonly sleeps: Sleeps;
  readonly nanosleep: Nanosleep;
  readonly futexes: Futexes;
  readonly membarrier: Membarrier;
  readonly hotplug: Hotplug;
  readonly affinity: CpuAffinity;
  readonly tick: TimerTick;

  constructor(ports: KernelServicePorts) {
    const { arena, threads, cpus, queues, scheduler, clock, hooks, syscalls, available } = ports;
    const firstCpuTimer = threads.capacity + POSIX_TIMERS;
    const heap = new TimerHeap(arena, 'timer', firstCpuTimer + cpus.capacity);
    const timers = (this.timers = new KernelTimers(heap, clock, (cpu) => {
      ports.interrupt(cpu);
    }));
    this.cpuTimers = new CpuTimers(timers, clock, firstCpuTimer);
    const sleeps = (this.sleeps = new Sleeps({ ...ports, timers }));
    const nanosleep = (this.nanosleep = new Nanosleep({ ...ports, sleeps }));
    const posixTimers = new PosixTimers(
      { ...ports, timers, signals: ports.timerSignals },
      POSIX_TIMERS,
    );
    this.futexes = new Futexes({
      threads,
      queues: new FutexQueues(arena, threads.capacity),
      sleeps,
      referee: ports.referee,
      parameters: queues.parameters,
      user: ports.user,
      spaceOf: (thread) => ports.spaceOf(thread),
      drain: (cpu) => ports.drain(cpu),
    });
    this.membarrier = new Membarrier(
      {
        arena,
        threads,
        cpus,
        hooks,
        marked: ports.marked,
        threadCount: (process) => ports.threadCount(process),
        drain: (cpu) => ports.drain(cpu),
        interrupt: (cpu) => ports.interrupt(cpu),
        acknowledged: (cpu) => ports.acknowledged(cpu),
        hasRseq: () => syscalls.isRegistered(SyscallNumber.rseq),
      },
      ports.maxProcesses,
    );
    this.hotplug = new Hotplug({
      cpus,
      queues,
      scheduler,
      available,
      timers,
      clock,
      marked: ports.marked,
      events: ports.events,
      drain: (cpu) => ports.drain(cpu),
    });
    this.affinity = new CpuAffinity(ports);
    const balancing = new CpuBalancing({
      arena,
      cpus,
      queues,
      scheduler,
      load: new LoadBalancer(queues, available),
      realTime: new RealTimeBalancer(queues, available, ports.policyPlacement, cpus.possible),
    });
    scheduler.balancing = balancing;
    this.tick = new TimerTick({ ...ports, balancing, interrupt: (cpu) => ports.interrupt(cpu) });
    for (const part of [sleeps, nanosleep, posixTimers, this.membarrier]) hooks.attach(part.hooks);
    registerTimeSyscalls(syscalls, { ...ports, nanosleep, timers: posixTimers });
    registerFutexSyscall(syscalls, { ...ports, sleeps, futexes: this.futexes });
    registerMembarrierSyscall(syscalls, this.membarrier);
    registerSchedSyscalls(syscalls, ports);
    registerAffinitySyscalls(syscalls, { ...ports, affinity: this.affinity });
    registerMemorySyscalls(syscalls, ports);
  }
}
