import {
  DecisionKind,
  REGISTER_STRIDE,
  RegisterFile,
  decisionKind,
  decisionX,
} from '@rseqlab/sim-machine';
import type {
  Decision,
  DecisionPoint,
  InstalledProgram,
  Machine,
  MemoryModelName,
} from '@rseqlab/sim-machine';
import type { DecisionReduction } from '../litmus-search/litmus-director.js';
import { VisibleOperation, operationsOf } from '../litmus-search/visible-operation.js';

/** A CPU that goes on alone, and how; none. */
const NOBODY = 0;

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
 */
export class LkmmReduction implements DecisionReduction {
  readonly #registers: Int32Array;
  readonly #isReduced: boolean;
  readonly #buffersStores: boolean;
  readonly #known = new Map<InstalledProgram, Uint8Array>();
  #installed: readonly InstalledProgram[] = [];
  #held = NOBODY;

  constructor(machine: Machine, model: MemoryModelName) {
    this.#registers = machine.threads.registers;
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

  /** Says what the threads of the next run execute. */
  load(programs: readonly InstalledProgram[]): void {
    this.#installed = programs;
    this.#held = NOBODY;
  }

  taken(decision: Decision, point: DecisionPoint): void {
    if (!this.#isReduced || !this.#buffersStores) return;
    const cpu = decisionX(decision);
    const isStore =
      decisionKind(decision) === DecisionKind.Step &&
      this.#operationOf(point.currentOn(cpu)) === VisibleOperation.Store;
    if (!isStore) this.#held = NOBODY;
    else this.#held = (cpu + 1) * 2 + (point.pendingStores(cpu) === 0 ? 1 : 0);
  }

  reduce(out: Decision[], count: number, point: DecisionPoint): number {
    if (!this.#isReduced) return count;
    if (this.#held !== NOBODY) return this.#reduceToHeld(out, count, point);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const decision = out[i]!;
      const cpu = decisionX(decision);
      if (decisionKind(decision) === DecisionKind.Step) {
        const pending = point.pendingStores(cpu);
        const operation = this.#operationOf(point.currentOn(cpu));
        if (this.#isLocal(operation, pending, point)) {
          out[0] = decision;
          return 1;
        }
        if (pending > 0 && empties(operation)) continue;
      }
      out[kept++] = decision;
    }
    return kept;
  }

  /** Nothing is left where the CPU has come to what empties its buffer: it could have been empty. */
  #reduceToHeld(out: Decision[], count: number, point: DecisionPoint): number {
    const held = (this.#held >> 1) - 1;
    const mayDrain = (this.#held & 1) === 1;
    const goesOn = !empties(this.#operationOf(point.currentOn(held)));
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const decision = out[i]!;
      if (decisionX(decision) !== held) continue;
      const isStep = decisionKind(decision) === DecisionKind.Step;
      if (isStep ? goesOn : mayDrain) out[kept++] = decision;
    }
    return kept;
  }

  #isLocal(
    operation: VisibleOperation | undefined,
    pending: number,
    point: DecisionPoint,
  ): boolean {
    switch (operation) {
      case VisibleOperation.Nothing:
        return true;
      case VisibleOperation.Fence:
        return pending === 0;
      case VisibleOperation.Syscall:
        return point.possibleCpus.every((cpu) => point.pendingStores(cpu) === 0);
      default:
        return false;
    }
  }

  /** What a thread does next; undefined when it is in no program. */
  #operationOf(thread: number): VisibleOperation | undefined {
    const ip = this.#registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!;
    for (const program of this.#installed) {
      const index = (ip - program.address) >> 2;
      if (index >= 0 && index < program.program.words.length)
        return this.#operations(program)[index] as VisibleOperation;
    }
    return undefined;
  }

  #operations(program: InstalledProgram): Uint8Array {
    let operations = this.#known.get(program);
    if (operations === undefined) {
      operations = operationsOf(program.program);
      this.#known.set(program, operations);
    }
    return operations;
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
