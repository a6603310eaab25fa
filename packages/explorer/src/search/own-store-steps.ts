import {
  DecisionKind,
  OperationKind,
  SyscallNumber,
  decisionKind,
  decisionX,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Machine } from '@rseqlab/sim-machine';

/** System calls that leave the store buffers of other CPUs alone. */
const LOCAL_SYSCALLS: ReadonlySet<number> = new Set([
  SyscallNumber.exit,
  SyscallNumber.getcpu,
  SyscallNumber.getpid,
  SyscallNumber.gettid,
  SyscallNumber.rseq,
  SyscallNumber.sched_yield,
]);

/**
 * Steps that need not be interleaved where CPUs buffer their stores in order: a store that goes into a buffer with
 * room is seen by nobody before it drains, and commutes with all that other CPUs and the buffer do (a persistent
 * set). Buffers are finite, so a thread that does nothing but store does not keep others waiting for ever.
 *
 * That holds while nothing empties a buffer from outside: kernel events, of which none may be left, and what a
 * system call does on other CPUs. What is not known to be harmless makes it wrong, and the search starts again.
 */
export class OwnStoreSteps {
  /** Whether something that was relied on has turned out to be wrong. */
  isWrong = false;
  readonly #machine: Machine;
  readonly #capacity: number;
  /** The CPU whose store was taken alone, or -1, and how many it had buffered. */
  #cpu = -1;
  #pending = 0;

  /** @param capacity - stores that a CPU can buffer */
  constructor(machine: Machine, capacity: number) {
    this.#machine = machine;
    this.#capacity = capacity;
    machine.events.on('syscall', ({ number, args }) => {
      const asks = number === SyscallNumber.kill && args[1] === 0;
      if (!asks && !LOCAL_SYSCALLS.has(number)) this.isWrong = true;
    });
  }

  /** A run starts. */
  start(): void {
    this.#cpu = -1;
  }

  /** Makes sure that the store which was taken alone went into the buffer and did nothing else. */
  look(point: DecisionPoint): void {
    if (this.#cpu >= 0 && point.pendingStores(this.#cpu) !== this.#pending + 1) this.isWrong = true;
    this.#cpu = -1;
  }

  /** Takes all decisions but one out of a list where that one will do, kernel events apart; how many are left. */
  admit(out: Decision[], count: number, point: DecisionPoint): number {
    const only = this.#find(out, count, point);
    if (only < 0) return count;
    const store = out[only]!;
    let kept = 0;
    for (let i = 0; i < count; i++) if (i === only || isKernelEvent(out[i]!)) out[kept++] = out[i]!;
    this.#cpu = decisionX(store);
    this.#pending = point.pendingStores(this.#cpu);
    return kept;
  }

  #find(out: readonly Decision[], count: number, point: DecisionPoint): number {
    if (this.isWrong) return -1;
    for (let i = 0; i < count; i++) {
      const decision = out[i]!;
      if (decisionKind(decision) !== DecisionKind.Step) continue;
      const cpu = decisionX(decision);
      if (point.pendingStores(cpu) >= this.#capacity) continue;
      const { kind } = this.#machine.state.pending(point.currentOn(cpu));
      if (kind === OperationKind.Store) return i;
    }
    return -1;
  }
}
