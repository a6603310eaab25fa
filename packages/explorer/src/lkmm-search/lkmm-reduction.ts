import { DecisionKind, decisionKind, decisionX } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Machine, MemoryModelName } from '@rseqlab/sim-machine';
import type { DecisionReduction } from '../litmus-search/litmus-director.js';
import { VisibleOperation } from '../litmus-search/visible-operation.js';
import { NO_FOOTPRINT, type Footprint } from './footprint.js';
import { independentThreads, type ThreadProspect } from './independent-threads.js';
import type { Resources } from './resources.js';
import { ThreadOperations } from './thread-operations.js';

/** Nobody goes on alone. */
const NOBODY = 0;

/** What it may touch is not known. */
const ANYTHING: Footprint = { reads: -1, writes: -1, interrupts: true };

/** What a thread is at. */
export interface ThreadStage {
  /** What the call of the kernel that it makes touches. */
  readonly call: Footprint;
  /** What it may touch from now on, the call included. */
  readonly future: Footprint;
}

/**
 * Leaves out decisions of C tests that lead to no final state that others do not lead to.
 *
 * - A fence with nothing to wait for, and one that orders nothing here, is taken at once and alone.
 * - So is the system call that has all buffers drained where all are empty: whatever it would find in
 *   them later can as well leave them by itself at that time.
 * - What would empty the CPU's buffer waits until it has drained store by store.
 * - When a store goes into a buffer tells nobody anything; only when it leaves it, and which loads of
 *   its own CPU come before that. So a CPU that stores goes on alone: either the store leaves at once,
 *   or the CPU goes on to its next load, before which it stores whatever comes. A grace period that
 *   has every buffer drained finds a store gone that could have been in one: that is the first of the
 *   two, so both are all there is. (Taking stores at once, as in tests without grace periods, would
 *   lose the stores that come after a drain.)
 * - Of the threads only those go on whose next steps the others cannot matter to, see
 *   {@link independentThreads}.
 */
export class LkmmReduction implements DecisionReduction {
  readonly #isReduced: boolean;
  readonly #buffersStores: boolean;
  readonly #operations: ThreadOperations;
  readonly #stages: ThreadStage[] = [];
  /** By CPU: what its buffered stores are to, oldest first. */
  readonly #buffered: number[][] = [];
  #resources: Resources | undefined;
  #held = NOBODY;
  /** Threads that have not come to the test, as bits. */
  #preparing = 0;

  constructor(machine: Machine, model: MemoryModelName) {
    this.#operations = new ThreadOperations(machine);
    this.#buffersStores = machine.buffersStores;
    this.#isReduced = model === 'sc' || model === 'tso';
  }

  /**
   * 0, or twice the number, from 1, of the CPU that goes on alone; one more if the store that it has
   * just made may leave at once.
   */
  get held(): number {
    return this.#held;
  }

  /**
   * Begins a run.
   *
   * @param run - resources are undefined when there are too many to tell apart; `begins`: whether
   *   threads do something before the test
   */
  load(
    machine: Machine,
    threads: number,
    { resources, begins }: { readonly resources: Resources | undefined; readonly begins: boolean },
  ): void {
    this.#preparing = begins ? (1 << threads) - 1 : 0;
    this.#operations.load(machine.programs);
    this.#resources = resources;
    this.#held = NOBODY;
    for (let thread = 0; thread < threads; thread++) {
      this.#stages[thread] = { call: ANYTHING, future: ANYTHING };
      this.#buffered[thread] = [];
    }
    this.#stages.length = threads;
  }

  /** A thread has come to the test. */
  began(thread: number): void {
    this.#preparing &= ~(1 << thread);
  }

  /** A thread has got to a place from which it may touch so much. */
  reached(thread: number, stage: ThreadStage): void {
    this.#stages[thread] = stage;
  }

  taken(decision: Decision, point: DecisionPoint): void {
    if (!this.#isReduced || !this.#buffersStores) return;
    const cpu = decisionX(decision);
    const buffered = this.#buffered[cpu]!;
    if (decisionKind(decision) !== DecisionKind.Step) {
      buffered.shift();
      this.#held = NOBODY;
      return;
    }
    const operation = this.#operations.operationOf(point.currentOn(cpu));
    if (operation === VisibleOperation.Store) {
      this.#held = (cpu + 1) * 2 + (buffered.length === 0 ? 1 : 0);
      buffered.push(this.#placeOf(cpu));
      return;
    }
    this.#held = NOBODY;
    if (operation === VisibleOperation.Syscall && this.#isBarrier(cpu, point))
      for (const stores of this.#buffered) stores.length = 0;
  }

  reduce(out: Decision[], count: number, point: DecisionPoint): number {
    if (this.#preparing !== 0) return this.#reduceToFirst(out, count);
    if (!this.#isReduced) return count;
    if (this.#held !== NOBODY) return this.#reduceToHeld(out, count, point);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const decision = out[i]!;
      const cpu = decisionX(decision);
      if (decisionKind(decision) === DecisionKind.Step) {
        const pending = point.pendingStores(cpu);
        const operation = this.#operations.operationOf(point.currentOn(cpu));
        if (this.#isLocal(operation, cpu, point)) {
          out[0] = decision;
          return 1;
        }
        if (pending > 0 && empties(operation)) continue;
      }
      out[kept++] = decision;
    }
    return this.#resources === undefined ? kept : this.#reduceToIndependent(out, kept, point);
  }

  /** The first thread that has not come to the test goes on alone; its stores leave at once. */
  #reduceToFirst(out: Decision[], count: number): number {
    const first = 31 - Math.clz32(this.#preparing & -this.#preparing);
    let taken = -1;
    for (let i = 0; i < count; i++) {
      if (decisionX(out[i]!) !== first) continue;
      if (taken < 0 || decisionKind(out[i]!) !== DecisionKind.Step) taken = i;
    }
    if (taken < 0) return 0;
    out[0] = out[taken]!;
    return 1;
  }

  /** Whether the system call that a CPU's thread is at has all buffers drained. */
  #isBarrier(cpu: number, point: DecisionPoint): boolean {
    return this.#operations.isBarrier(point.currentOn(cpu));
  }

  /** Nothing is left where the CPU has come to what empties its buffer: it could have been empty. */
  #reduceToHeld(out: Decision[], count: number, point: DecisionPoint): number {
    const held = (this.#held >> 1) - 1;
    const mayDrain = (this.#held & 1) === 1;
    const goesOn = !empties(this.#operations.operationOf(point.currentOn(held)));
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const decision = out[i]!;
      if (decisionX(decision) !== held) continue;
      const isStep = decisionKind(decision) === DecisionKind.Step;
      if (isStep ? goesOn : mayDrain) out[kept++] = decision;
    }
    return kept;
  }

  #reduceToIndependent(out: Decision[], count: number, point: DecisionPoint): number {
    const choices = this.#stages.map(() => 0);
    for (let i = 0; i < count; i++) choices[decisionX(out[i]!)]! += 1;
    const prospects = choices.map((number, cpu) => this.#prospect(cpu, number, point));
    const chosen = independentThreads(prospects);
    let kept = 0;
    for (let i = 0; i < count; i++)
      if ((chosen & (1 << decisionX(out[i]!))) !== 0) out[kept++] = out[i]!;
    return kept;
  }

  #prospect(cpu: number, choices: number, point: DecisionPoint): ThreadProspect {
    const buffered = this.#buffered[cpu]!;
    const { future } = this.#stages[cpu]!;
    // It has ended, which it has said, or sleeps in the kernel.
    const isAway = point.currentOn(cpu) < 0;
    const operation = isAway ? undefined : this.#operations.operationOf(point.currentOn(cpu));
    const isStore = operation === VisibleOperation.Store;
    const isOvertaken = isStore && this.#buffersStores && future.reads !== 0;
    const step = isAway ? NO_FOOTPRINT : this.#footprintOf(cpu, operation, point);
    return {
      now: {
        reads: step.reads | (isOvertaken ? future.reads : 0),
        writes: step.writes | (buffered[0] ?? 0),
        interrupts: step.interrupts,
      },
      isOvertaken,
      future: { ...future, writes: buffered.reduce((mask, place) => mask | place, future.writes) },
      hasBuffered: buffered.length > 0,
      choices,
    };
  }

  /** What the next step of a thread touches. */
  #footprintOf(
    thread: number,
    operation: VisibleOperation | undefined,
    point: DecisionPoint,
  ): Footprint {
    switch (operation) {
      case undefined:
        return ANYTHING;
      case VisibleOperation.Nothing:
      case VisibleOperation.Fence:
        return NO_FOOTPRINT;
      case VisibleOperation.Syscall: {
        if (this.#isBarrier(thread, point)) return { ...NO_FOOTPRINT, interrupts: true };
        const { reads, writes } = this.#stages[thread]!.call;
        return { ...NO_FOOTPRINT, reads, writes };
      }
      case VisibleOperation.Store:
        return { ...NO_FOOTPRINT, writes: this.#placeOf(thread) };
      case VisibleOperation.Atomic: {
        const place = this.#placeOf(thread);
        return { ...NO_FOOTPRINT, reads: place, writes: place };
      }
      default:
        return { ...NO_FOOTPRINT, reads: this.#placeOf(thread) };
    }
  }

  /** What a thread's next access is to: a location, or what belongs to the call that it makes. */
  #placeOf(thread: number): number {
    const place = this.#resources?.locationAt(this.#operations.addressOf(thread)) ?? 0;
    if (place !== 0) return place;
    const { reads, writes } = this.#stages[thread]!.call;
    return reads | writes;
  }

  #isLocal(operation: VisibleOperation | undefined, cpu: number, point: DecisionPoint): boolean {
    switch (operation) {
      case VisibleOperation.Nothing:
        return true;
      case VisibleOperation.Fence:
        return point.pendingStores(cpu) === 0;
      case VisibleOperation.Syscall:
        if (!this.#isBarrier(cpu, point)) return false;
        return point.possibleCpus.every((cpu) => point.pendingStores(cpu) === 0);
      default:
        return false;
    }
  }
}

/** Whether an operation, or the end of a thread, leaves nothing in the buffer. */
function empties(operation: VisibleOperation | undefined): boolean {
  return (
    operation === undefined ||
    operation === VisibleOperation.Fence ||
    operation === VisibleOperation.Atomic ||
    operation === VisibleOperation.Syscall
  );
}
