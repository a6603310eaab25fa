import {
  DecisionKind,
  REGISTER_STRIDE,
  RegisterFile,
  decisionKind,
  decisionX,
  encodeDecision,
} from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Machine } from '@rseqlab/sim-machine';
import { VisibleOperation } from './visible-operation.js';

/** The code of a thread: where it is installed, and what its words do. */
export interface ThreadCode {
  readonly address: number;
  /** A {@link VisibleOperation} for every word. */
  readonly operations: Uint8Array;
  /** By word: 1 where the thread may still write to memory from there on. */
  readonly writesLater: Uint8Array;
}

/**
 * Leaves out decisions that lead to no final state that others do not lead to.
 *
 * Rules, all of which keep every final state (persistent sets, for terminal states):
 *
 * - An operation that commutes with all that other CPUs and its own buffer may do is taken at once
 *   and alone: a store that goes into a buffer with room, a fence with nothing to wait for.
 * - An operation that would empty the CPU's buffer waits until the buffer has drained store by store,
 *   which is one of the ways that it could have been emptied in.
 * - Where loads can look back, it does not matter how late a load is executed: it finds what it would
 *   have found earlier. So a CPU loads only on the way to its own next write, with nobody else in
 *   between, and one that writes no more loads when all others are done writing.
 *
 * @source Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996,
 *   chapter 4
 */
export class ReducedDecisions {
  readonly #registers: Int32Array;
  readonly #buffersStores: boolean;
  readonly #capacity: number;
  readonly #loadsLookBack: boolean;
  #threads: readonly ThreadCode[] = [];
  #held = -1;

  /**
   * @param capacity - stores that a CPU can buffer
   * @param loadsLookBack - whether loads can find what was in memory before
   */
  constructor(machine: Machine, capacity: number, loadsLookBack: boolean) {
    this.#registers = machine.threads.registers;
    this.#buffersStores = machine.buffersStores;
    this.#loadsLookBack = loadsLookBack;
    this.#capacity = capacity;
  }

  /** The CPU that is on the way to its next write, or -1: part of what tells states apart. */
  get held(): number {
    return this.#held;
  }

  /** Says what the threads of the next run execute, by thread. */
  load(threads: readonly ThreadCode[]): void {
    this.#threads = threads;
    this.#held = -1;
  }

  /** Takes note of the decision that is carried out next. */
  taken(decision: Decision, point: DecisionPoint): void {
    if (!this.#loadsLookBack) return;
    const cpu = decisionX(decision);
    const operation =
      decisionKind(decision) === DecisionKind.Step
        ? this.#operationOf(point.currentOn(cpu))
        : VisibleOperation.Atomic;
    if (operation === VisibleOperation.Other) this.#held = cpu;
    else if (operation === VisibleOperation.Atomic) this.#held = -1;
  }

  /** Takes decisions out of the first `count` of a list and returns how many are left. */
  reduce(out: Decision[], count: number, point: DecisionPoint): number {
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const decision = out[i]!;
      const cpu = decisionX(decision);
      if (decisionKind(decision) === DecisionKind.Step) {
        const pending = point.pendingStores(cpu);
        const operation = this.#operationOf(point.currentOn(cpu));
        if (this.#isLocal(operation, pending)) {
          out[0] = encodeDecision(DecisionKind.Step, cpu, 1);
          return 1;
        }
        if (this.#empties(operation, pending)) continue;
      }
      out[kept++] = decision;
    }
    return this.#loadsLookBack ? this.#loadsLate(out, kept, point) : kept;
  }

  /** Keeps loads for when their CPU goes on to write. */
  #loadsLate(out: Decision[], count: number, point: DecisionPoint): number {
    const held = this.#held;
    let kept = 0;
    if (held >= 0)
      for (let i = 0; i < count; i++) if (decisionX(out[i]!) === held) out[kept++] = out[i]!;
    if (kept > 0) return kept;
    for (let i = 0; i < count; i++) {
      const cpu = decisionX(out[i]!);
      const isLoad =
        decisionKind(out[i]!) === DecisionKind.Step &&
        this.#operationOf(point.currentOn(cpu)) === VisibleOperation.Other;
      if (!isLoad || point.pendingStores(cpu) > 0 || this.#writesLater(point.currentOn(cpu)))
        out[kept++] = out[i]!;
    }
    return kept > 0 ? kept : Math.min(count, 1);
  }

  #isLocal(operation: VisibleOperation | undefined, pending: number): boolean {
    switch (operation) {
      case VisibleOperation.Nothing:
        return true;
      case VisibleOperation.Fence:
        return pending === 0;
      case VisibleOperation.Store:
        return this.#buffersStores && pending < this.#capacity;
      default:
        return false;
    }
  }

  /** Behind the code of a thread comes its exit, which leaves no store behind either. */
  #empties(operation: VisibleOperation | undefined, pending: number): boolean {
    if (pending === 0) return false;
    return (
      operation === undefined ||
      operation === VisibleOperation.Fence ||
      operation === VisibleOperation.Atomic ||
      operation === VisibleOperation.Store
    );
  }

  #writesLater(thread: number): boolean {
    const code = this.#threads[thread];
    return code?.writesLater[this.#wordOf(thread, code)] === 1;
  }

  /** What a thread does next; undefined when its code is at the end. */
  #operationOf(thread: number): VisibleOperation | undefined {
    const code = this.#threads[thread];
    if (code === undefined) return undefined;
    return code.operations[this.#wordOf(thread, code)] as VisibleOperation | undefined;
  }

  /** Index of the word that a thread executes next. */
  #wordOf(thread: number, code: ThreadCode): number {
    return (this.#registers[thread * REGISTER_STRIDE + RegisterFile.Ip]! - code.address) >> 2;
  }
}
