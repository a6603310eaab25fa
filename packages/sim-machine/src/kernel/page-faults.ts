import type { StateArena } from '../base/state-arena.js';
import type { CpuTable } from '../cpu/cpu-table.js';
import type { PageInView } from '../director/director.js';
import { FaultOutcome } from '../memory/fault-outcome.js';
import type { FaultHandler, SegvCode } from '../memory/fault-handler.js';
import type { FaultEventKind, MachineEvents } from '../observe/machine-events.js';
import type { ThreadTable } from './thread-table.js';
import { ThreadState } from './thread-state.js';
import { TimerHeap } from './time/timer-heap.js';
import { WaitKind } from './wait-kind.js';

/** What a fault that did not resolve leads to. */
export const FaultAction = {
  /** The access goes on. */
  None: 0,
  /** The thread sleeps until its page is read in. */
  Sleep: 1,
  /** SIGSEGV. */
  Segv: 2,
  /** SIGBUS. */
  Bus: 3,
} as const;

/** One of {@link FaultAction}. */
export type FaultAction = (typeof FaultAction)[keyof typeof FaultAction];

/** Who runs, and what a fault costs. */
export interface FaultContext {
  /** The thread whose access faulted. */
  readonly thread: number;
  /** Its CPU. */
  readonly currentCpu: number;
}

/** Charges simulated time for faults. */
export interface FaultCost {
  /** A fault of a kind was handled on a CPU. */
  fault(cpu: number, kind: FaultEventKind): void;
  /** Cycles until a page has been read from swap. */
  readonly pageInCycles: number;
}

/**
 * Takes note of page faults while an access is under way; the kernel acts on them afterwards.
 *
 * Also keeps which page each sleeping thread waits for, and when it arrives.
 */
export class PageFaults implements FaultHandler, PageInView {
  /** What the last unresolved fault leads to; the kernel takes it with {@link take}. */
  #action: FaultAction = FaultAction.None;
  /** Address of the last fault. */
  address = 0;
  /** SEGV_MAPERR or SEGV_ACCERR of the last segmentation fault. */
  code = 0;
  readonly #threads: ThreadTable;
  readonly #cpus: CpuTable;
  readonly #events: MachineEvents;
  readonly #cost: FaultCost;
  /** Arrivals, by thread; one whose thread does not wait any more is dropped when it comes first. */
  readonly #arrivals: TimerHeap;
  #context: FaultContext | undefined;

  constructor(
    arena: StateArena,
    threads: ThreadTable,
    cpus: CpuTable,
    events: MachineEvents,
    cost: FaultCost,
  ) {
    this.#threads = threads;
    this.#cpus = cpus;
    this.#events = events;
    this.#cost = cost;
    this.#arrivals = new TimerHeap(arena, 'pageIn', threads.capacity, 'accounting');
  }

  /** Says where to find who runs; the bus is made after this part. */
  connect(context: FaultContext): void {
    this.#context = context;
  }

  /** What the kernel has to do about the last fault; asked once. */
  take(): FaultAction {
    const action = this.#action;
    this.#action = FaultAction.None;
    return action;
  }

  minorFault(address: number, kind: FaultOutcome): void {
    this.#note(address, kind === FaultOutcome.CopyOnWrite ? 'cow' : 'minor');
  }

  majorFault(address: number): void {
    this.#action = FaultAction.Sleep;
    const { thread } = this.#context!;
    const cpu = this.#context!.currentCpu;
    this.#arrivals.cancel(thread);
    this.#arrivals.arm(thread, cpu, this.#cpus.cycles[cpu]! + this.#cost.pageInCycles);
    this.#note(address, 'major');
  }

  segmentation(address: number, code: SegvCode): void {
    this.#action = FaultAction.Segv;
    this.code = code;
    this.#note(address, 'segv');
  }

  busError(address: number): void {
    this.#action = FaultAction.Bus;
    this.#note(address, 'segv');
  }

  outOfMemory(address: number): void {
    this.#action = FaultAction.Bus;
    this.#note(address, 'segv');
  }

  earliest(): number {
    const { state, waitKind } = this.#threads;
    for (;;) {
      const thread = this.#arrivals.earliest();
      if (thread < 0) return -1;
      if (state[thread] === ThreadState.Uninterruptible && waitKind[thread] === WaitKind.Page)
        return thread;
      this.#arrivals.cancel(thread);
    }
  }

  arrivalCycles(thread: number): number {
    return this.#arrivals.expiryCycles(thread);
  }

  #note(address: number, kind: FaultEventKind): void {
    this.address = address | 0;
    const cpu = this.#context!.currentCpu;
    this.#cost.fault(cpu, kind);
    if (this.#events.wanted.fault)
      this.#events.emit('fault', { thread: this.#context!.thread, cpu, address, kind });
  }
}
