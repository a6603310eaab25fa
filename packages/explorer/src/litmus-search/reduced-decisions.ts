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
}

/**
 * Leaves out decisions that lead to no final state that others do not lead to.
 *
 * Two rules, both of which keep every final state (persistent sets, for terminal states):
 *
 * - An operation that commutes with all that other CPUs and its own buffer may do is taken at once
 *   and alone: a store that goes into a buffer with room, a fence with nothing to wait for.
 * - An operation that would empty the CPU's buffer waits until the buffer has drained store by store,
 *   which is one of the ways that it could have been emptied in.
 *
 * @source Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996,
 *   chapter 4
 */
export class ReducedDecisions {
  readonly #registers: Int32Array;
  readonly #buffersStores: boolean;
  readonly #capacity: number;
  #threads: readonly ThreadCode[] = [];

  /** @param capacity - stores that a CPU can buffer */
  constructor(machine: Machine, capacity: number) {
    this.#registers = machine.threads.registers;
    this.#buffersStores = machine.buffersStores;
    this.#capacity = capacity;
  }

  /** Says what the threads of the next run execute, by thread. */
  load(threads: readonly ThreadCode[]): void {
    this.#threads = threads;
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
    return kept;
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

  /** What a thread does next; undefined when its code is at the end. */
  #operationOf(thread: number): VisibleOperation | undefined {
    const code = this.#threads[thread];
    if (code === undefined) return undefined;
    const ip = this.#registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!;
    const operation = code.operations[(ip - code.address) >> 2];
    return operation as VisibleOperation | undefined;
  }
}
