import type { CpuTable } from '../cpu/cpu-table.js';
import { ThreadState } from '../kernel/thread-state.js';
import type { ThreadTable } from '../kernel/thread-table.js';
import { WaitKind } from '../kernel/wait-kind.js';
import type { RunQueues } from '../kernel/sched/run-queues.js';
import { DecisionKind, encodeDecision } from './decision.js';
import type { Decision } from './decision.js';
import type { EventAllowance } from './event-allowance.js';

/** What the rules ask of the machine. */
export interface RulesPort {
  readonly threads: ThreadTable;
  readonly cpus: CpuTable;
  readonly queues: RunQueues;
  /** Whether the thread's next operation can make progress (false for an unmet await). */
  canStep(thread: number): boolean;
  /** Whether all that the thread still does is to exit, with nobody who could tell when. */
  exitsUnseen(thread: number): boolean;
  /** Stores of the CPU that have not reached memory. */
  pendingStores(cpu: number): number;
  /** Whether a buffered store of the CPU, 0 for the oldest, may reach memory now. */
  mayDrain(cpu: number, index: number): boolean;
  /** Whether the page that the thread accesses next can be taken away. */
  canPageOut(thread: number): boolean;
  /** Whether the thread would notice the signal. */
  canSignal(thread: number, signal: number): boolean;
  /** Whether the thread may move to the CPU. */
  mayMigrate(thread: number, cpu: number): boolean;
  /** Whether the queued thread may replace the running one. */
  mayPreempt(cpu: number, thread: number): boolean;
  /** Ids of the armed timers. */
  armedTimers(): Iterable<number>;
  /** Slots of the processes that live, with their names. */
  liveProcesses(): Iterable<{ readonly id: number; readonly name: string }>;
}

/**
 * Lists what may be decided now, for directors that search.
 *
 * The order is part of the machine's behaviour (recorded runs and seeds depend on it): steps first,
 * then drains, arrivals and timers, then kernel events; each by ascending ids.
 */
export class DecisionRules {
  readonly #port: RulesPort;
  #allowance: EventAllowance = {};

  constructor(port: RulesPort) {
    this.#port = port;
  }

  /** Sets which kernel events may be injected. */
  allow(allowance: EventAllowance): void {
    this.#allowance = allowance;
  }

  /** Writes every possible decision to `out`, from its start on, and returns how many. */
  enumerate(out: Decision[]): number {
    const unseen = this.#unseenExit();
    if (unseen >= 0) {
      out[0] = encodeDecision(DecisionKind.Step, unseen, 1);
      return 1;
    }
    let count = this.#progress(out, 0);
    const allowance = this.#allowance;
    if (allowance.preemption !== false) count = this.#preemptions(out, count);
    if (allowance.migration !== false) count = this.#migrations(out, count);
    if (allowance.ticks === true) count = this.#ticks(out, count);
    if (allowance.signals !== undefined) count = this.#signals(out, count, allowance.signals);
    if (allowance.pageFaults === true) count = this.#pageOuts(out, count);
    if (allowance.spuriousWakes === true) count = this.#spuriousWakes(out, count);
    if (allowance.hotplug === true) count = this.#hotplug(out, count);
    if (allowance.kills !== undefined) count = this.#kills(out, count, allowance.kills);
    if (allowance.singleSteps === true) count = this.#singleSteps(out, count);
    return count;
  }

  /**
   * A CPU whose thread exits without anybody noticing, or -1. Such an exit commutes with everything
   * else, so that no search need try it at another time.
   */
  #unseenExit(): number {
    const { cpus } = this.#port;
    for (const cpu of cpus.possible) {
      const current = cpus.current[cpu]!;
      if (current >= 0 && this.#port.pendingStores(cpu) === 0 && this.#port.exitsUnseen(current))
        return cpu;
    }
    return -1;
  }

  #progress(out: Decision[], first: number): number {
    const { cpus, threads } = this.#port;
    let count = first;
    for (const cpu of cpus.possible) {
      const current = cpus.current[cpu]!;
      if (current >= 0 && this.#port.canStep(current))
        out[count++] = encodeDecision(DecisionKind.Step, cpu, 1);
    }
    for (const cpu of cpus.possible)
      for (let index = 0; index < this.#port.pendingStores(cpu); index++)
        if (this.#port.mayDrain(cpu, index))
          out[count++] = encodeDecision(DecisionKind.Drain, cpu, index);
    for (let thread = 0; thread < threads.highWater; thread++)
      if (
        threads.state[thread] === ThreadState.Uninterruptible &&
        threads.waitKind[thread] === WaitKind.Page
      )
        out[count++] = encodeDecision(DecisionKind.PageIn, 0, thread);
    for (const timer of this.#port.armedTimers())
      out[count++] = encodeDecision(DecisionKind.Timer, 0, timer);
    return count;
  }

  #preemptions(out: Decision[], first: number): number {
    const { cpus, queues } = this.#port;
    let count = first;
    for (const cpu of cpus.possible) {
      if (queues.count(cpu) < 2) continue;
      const start = count;
      for (let next = queues.first(cpu); next >= 0; next = queues.next(next))
        if (this.#port.mayPreempt(cpu, next))
          out[count++] = encodeDecision(DecisionKind.Preempt, cpu, next);
      sortRange(out, start, count);
    }
    return count;
  }

  #migrations(out: Decision[], first: number): number {
    const { cpus, threads } = this.#port;
    let count = first;
    for (let thread = 0; thread < threads.highWater; thread++) {
      if (threads.state[thread] !== ThreadState.Runnable) continue;
      for (const cpu of cpus.possible)
        if (this.#port.mayMigrate(thread, cpu))
          out[count++] = encodeDecision(DecisionKind.Migrate, cpu, thread);
    }
    return count;
  }

  #ticks(out: Decision[], first: number): number {
    const { cpus } = this.#port;
    let count = first;
    for (const cpu of cpus.possible)
      if (cpus.current[cpu]! >= 0) out[count++] = encodeDecision(DecisionKind.Tick, cpu, 0);
    return count;
  }

  #signals(out: Decision[], first: number, signals: readonly number[]): number {
    const { threads } = this.#port;
    let count = first;
    for (let thread = 0; thread < threads.highWater; thread++) {
      if (threads.state[thread] === ThreadState.Free) continue;
      for (const signal of signals)
        if (this.#port.canSignal(thread, signal))
          out[count++] = encodeDecision(DecisionKind.Signal, signal, thread);
    }
    return count;
  }

  #pageOuts(out: Decision[], first: number): number {
    const { cpus } = this.#port;
    let count = first;
    for (const cpu of cpus.possible) {
      const current = cpus.current[cpu]!;
      if (current >= 0 && this.#port.canPageOut(current))
        out[count++] = encodeDecision(DecisionKind.PageOut, 0, current);
    }
    return count;
  }

  #spuriousWakes(out: Decision[], first: number): number {
    const { threads } = this.#port;
    let count = first;
    for (let thread = 0; thread < threads.highWater; thread++)
      if (
        threads.state[thread] === ThreadState.Interruptible &&
        threads.waitKind[thread] === WaitKind.Futex
      )
        out[count++] = encodeDecision(DecisionKind.SpuriousWake, 0, thread);
    return count;
  }

  #hotplug(out: Decision[], first: number): number {
    const { cpus } = this.#port;
    let count = first;
    let online = 0;
    for (const cpu of cpus.possible) online += cpus.online[cpu]!;
    for (const cpu of cpus.possible) {
      if (cpus.online[cpu] === 0) out[count++] = encodeDecision(DecisionKind.Online, cpu, 0);
      else if (online > 1) out[count++] = encodeDecision(DecisionKind.Offline, cpu, 0);
    }
    return count;
  }

  #singleSteps(out: Decision[], first: number): number {
    const { cpus } = this.#port;
    let count = first;
    for (const cpu of cpus.possible) {
      const current = cpus.current[cpu]!;
      if (current >= 0) out[count++] = encodeDecision(DecisionKind.SingleStep, cpu, current);
    }
    return count;
  }

  #kills(out: Decision[], first: number, names: readonly string[]): number {
    let count = first;
    for (const { id, name } of this.#port.liveProcesses())
      if (names.includes(name)) out[count++] = encodeDecision(DecisionKind.Kill, 0, id);
    return count;
  }
}

function sortRange(out: Decision[], start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const value = out[i]!;
    let at = i;
    while (at > start && out[at - 1]! > value) {
      out[at] = out[at - 1]!;
      at -= 1;
    }
    out[at] = value;
  }
}
