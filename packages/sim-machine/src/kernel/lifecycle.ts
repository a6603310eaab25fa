import { MachineError } from '../base/machine-error.js';
import type { CpuTable } from '../cpu/cpu-table.js';
import { RegisterFile } from '../cpu/register-file.js';
import { ExitReason } from '../isa/exit-reason.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import type { MachineEvents } from '../observe/machine-events.js';
import type { HookPoints } from './hooks.js';
import { ProcessLife } from './process/process-columns.js';
import { ThreadBlocks } from './process/thread-blocks.js';
import type { ProcessTable } from './process-table.js';
import { STACK_BASE, STACK_BYTES, TLS_BASE } from './process/process-layout.js';
import { TLS_BYTES } from './process/thread-data.js';
import type { Process } from './process.js';
import type { SpawnOptions } from './spawn-options.js';
import type { Placement } from './placement.js';
import type { RunQueues } from './sched/run-queues.js';
import { SchedulingPolicy } from './sched/scheduling-policy.js';
import { checkSpawnOptions } from './spawn-check.js';
import type { Scheduler } from './scheduler.js';
import { NO_ARGS } from './thread.js';
import type { StartedBody, Thread } from './thread.js';
import { ThreadState } from './thread-state.js';
import type { ThreadTable } from './thread-table.js';
import { WaitKind } from './wait-kind.js';

/** What a thread's exit means to those who wait for it. */
export interface ExitObserver {
  /** The thread is about to exit; accesses are made in its context. */
  threadExiting(thread: number): void;
  /**
   * The thread is off its CPU for good, and its address space still there.
   *
   * @returns true when the slot has to stay, as a zombie that a tracer will ask for
   */
  threadExited(thread: number, status: number): boolean;
  /** Whether somebody could tell when the thread exits; default nobody. */
  isExitSeen?(thread: number): boolean;
  /** The last thread of the process is gone. */
  processExited(process: Process): void;
}

/** Whose memory the kernel's accesses go to. */
export interface ExitContext {
  /** The thread whose memory it is. */
  readonly thread: () => number;
  /** From now on accesses are made for this thread, on this CPU. */
  readonly enter: (cpu: number, thread: number) => void;
}

/** Parts that lives begin and end in. */
export interface LifecyclePorts {
  readonly threads: ThreadTable;
  readonly cpus: CpuTable;
  readonly processes: ProcessTable;
  readonly scheduler: Scheduler;
  readonly queues: RunQueues;
  readonly placement: Placement;
  readonly hooks: HookPoints;
  readonly events: MachineEvents;
  readonly context: ExitContext;
  /** The thread objects, by slot. */
  readonly objects: readonly Thread[];
}

/** Process slot's leader column: the thread whose tid is the pid has exited. */
const LEADER_GONE = -2;

/** Begins and ends threads; a process ends with its last thread. */
export class Lifecycle {
  /** Threads that have not exited. */
  live = 0;
  /** Told about exits; the part of the kernel that knows of parents and joiners. */
  observer: ExitObserver | undefined;
  /** Which thread blocks and stacks threads use. */
  readonly blocks: ThreadBlocks;
  readonly #ports: LifecyclePorts;

  constructor(ports: LifecyclePorts) {
    this.#ports = ports;
    this.blocks = new ThreadBlocks(ports.processes.columns);
  }

  /** Forgets everything; what else is in tables is reset by their owners. */
  reset(): void {
    const { threads, objects } = this.#ports;
    for (let thread = 0; thread < threads.highWater; thread++) objects[thread]!.end();
    threads.reset();
    this.live = 0;
  }

  /** Whether nobody can tell when the thread exits: no joiner, no tracer, no parent that waits. */
  exitsUnseen(thread: number): boolean {
    const { threads, processes } = this.#ports;
    const { isKept } = processes.columns;
    return isKept[threads.process[thread]!] === 1 && this.observer?.isExitSeen?.(thread) !== true;
  }

  /** Programs stacked in a thread. */
  frameCount(thread: number): number {
    return this.#ports.objects[thread]!.frameCount;
  }

  /**
   * Starts a thread from outside, as the first of a process or like pthread_create.
   *
   * @param args - what the body gets behind the thread
   * @throws MachineError `ERR_CAPACITY` when the machine's thread table is full; `ERR_CONFIG` for
   *   options with which no thread can start; `ERR_PROGRAM` for a body that is no generator function
   */
  spawn(
    process: Process,
    body: StartedBody,
    options: SpawnOptions,
    args: readonly unknown[],
  ): Thread {
    checkSpawnOptions(options, this.#ports.cpus);
    const slot = this.allocate(process);
    if (slot < 0)
      throw new MachineError(
        'ERR_CAPACITY',
        `expected at most ${this.#ports.threads.capacity} threads (maxThreads), got one more`,
      );
    if (options.affinity !== undefined) this.#ports.threads.setAffinity(slot, options.affinity);
    this.#attach(slot, options);
    return this.start(slot, process, body, options.name, options.cpu ?? -1, -1, args);
  }

  /** Whether {@link allocate} would find a slot. */
  get hasRoom(): boolean {
    return this.#freeSlot() < this.#ports.threads.capacity;
  }

  /** Reserves a thread slot in a process, with a fresh register file; -1 when none is free. */
  allocate(process: Process): number {
    const { threads, processes } = this.#ports;
    const { columns } = processes;
    const slot = this.#freeSlot();
    if (slot === threads.capacity) return -1;
    if (slot === threads.highWater) threads.highWater += 1;
    else threads.clearRegisters(slot);
    threads.state[slot] = ThreadState.Interruptible;
    threads.process[slot] = process.id;
    const isLeader = columns.leader[process.id] === -1;
    threads.tid[slot] = isLeader ? process.pid : columns.takeId();
    if (isLeader) columns.leader[process.id] = slot;
    this.setRegisters(slot, process);
    return slot;
  }

  /**
   * Registers as a program finds them at its start: a thread pointer, a stack, nothing else.
   *
   * All must be 0.
   */
  setRegisters(slot: number, process: Process): void {
    const { registers } = this.#ports.threads;
    const base = slot * REGISTER_STRIDE;
    const block = this.blocks.blockOf(slot, process.id);
    registers[base + RegisterFile.ThreadPointer] = TLS_BASE + block * TLS_BYTES;
    registers[base + RegisterFile.StackPointer] = STACK_BASE + (block + 1) * STACK_BYTES;
    registers[base + RegisterFile.Translations] = process.space.translations;
    registers[base + RegisterFile.Exit] = ExitReason.Return;
  }

  /** Gives a thread the scheduling parameters and the affinity of another, as clone does. */
  inheritScheduling(slot: number, parent: number): void {
    const { queues, threads } = this.#ports;
    const { parameters } = queues;
    const words = threads.affinityWords;
    threads.affinity.copyWithin(slot * words, parent * words, (parent + 1) * words);
    const policy = parameters.policy(parent);
    queues.attach(slot, policy, parameters.priority(parent), parameters.nice(parent));
  }

  /** Starts the C library of a reserved slot, gives it its program and makes it runnable. */
  start(
    slot: number,
    process: Process,
    body: StartedBody,
    name: string | undefined,
    cpu: number,
    parent: number,
    args: readonly unknown[] = NO_ARGS,
  ): Thread {
    this.#begin(slot, process, body, name, args);
    const { registers } = this.#ports.threads;
    process.writeThreadData(registers[slot * REGISTER_STRIDE + RegisterFile.ThreadPointer]!);
    this.#ports.hooks.threadStart(slot);
    return this.#launch(slot, process, cpu, parent);
  }

  /** Gives a reserved slot its program and makes it runnable; its C library is a copy. */
  startForked(slot: number, process: Process, body: StartedBody, parent: number): Thread {
    this.#begin(slot, process, body, undefined, NO_ARGS);
    return this.#launch(slot, process, -1, parent);
  }

  /** Ends a thread where it stands; with the last one its process ends. */
  exitThread(thread: number, status: number): void {
    const { threads, processes, scheduler, hooks, events, objects, context } = this.#ports;
    const { columns } = processes;
    const process = processes.at(threads.process[thread]!);
    const interrupted = context.thread();
    context.enter(threads.cpu[thread]!, thread);
    this.observer?.threadExiting(thread);
    hooks.exited(thread);
    scheduler.block(thread, ThreadState.Zombie, WaitKind.None, 0);
    threads.exitStatus[thread] = status;
    const isKept = this.observer?.threadExited(thread, status) ?? false;
    objects[thread]!.end();
    this.live -= 1;
    process.threadCount -= 1;
    if (columns.leader[process.id] === thread) {
      process.exitStatus = status;
      columns.leader[process.id] = LEADER_GONE;
    }
    if (events.wanted.exit) events.emit('exit', { thread, status });
    if (!isKept) this.release(thread);
    if (process.threadCount === 0) this.#endProcess(process);
    if (interrupted !== thread && isAlive(threads.state[interrupted]!))
      context.enter(threads.cpu[interrupted]!, interrupted);
  }

  /** Ends every thread of a process where it stands; the status is that of the whole process. */
  exitProcess(process: Process, status: number): void {
    const { threads } = this.#ports;
    process.exitStatus = status;
    for (let thread = 0; thread < threads.highWater; thread++)
      if (threads.process[thread] === process.id && isAlive(threads.state[thread]!))
        this.exitThread(thread, status);
  }

  /** Frees the slot of an exited thread. */
  release(thread: number): void {
    this.#ports.threads.clear(thread);
  }

  #begin(
    slot: number,
    process: Process,
    body: StartedBody,
    name: string | undefined,
    args: readonly unknown[],
  ): void {
    const { processes, objects } = this.#ports;
    processes.columns.life[process.id] = ProcessLife.Alive;
    process.threadCount += 1;
    this.live += 1;
    objects[slot]!.begin(process, body, name, args);
  }

  #launch(slot: number, process: Process, cpu: number, parent: number): Thread {
    const { objects, events, scheduler, placement } = this.#ports;
    if (events.wanted.spawn) events.emit('spawn', { thread: slot, parent, process: process.id });
    scheduler.wake(slot, cpu >= 0 ? cpu : placement.forNew(slot, parent), true);
    return objects[slot]!;
  }

  #endProcess(process: Process): void {
    const { hooks, processes } = this.#ports;
    hooks.addressSpaceTornDown(process.id);
    processes.end(process);
    this.observer?.processExited(process);
  }

  #freeSlot(): number {
    const { threads } = this.#ports;
    let slot = threads.lowestFree;
    while (slot < threads.highWater && threads.state[slot] !== ThreadState.Free) slot += 1;
    threads.lowestFree = slot;
    return slot;
  }

  #attach(slot: number, { realTime, nice }: SpawnOptions): void {
    const policy =
      realTime === undefined
        ? SchedulingPolicy.Normal
        : realTime.policy === 'fifo'
          ? SchedulingPolicy.Fifo
          : SchedulingPolicy.RoundRobin;
    this.#ports.queues.attach(slot, policy, realTime?.priority ?? 0, nice ?? 0);
  }
}

function isAlive(state: number): boolean {
  return state !== ThreadState.Free && state !== ThreadState.Zombie;
}
