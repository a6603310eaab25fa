import type { Machine, Operation, Routine, Thread } from '@rseqlab/sim-machine';
import {
  PrimitiveOutcome,
  currentCpu,
  currentIndex,
  expectIndex,
  installSections,
} from '@rseqlab/rseq-runtime';
import type { OperationPlan } from './operation-plan.js';
import { OPERATION_ENTRY, operationProgram } from './operation-program.js';
import type { PerCpuBlocks } from './per-cpu-blocks.js';
import type { PerCpuOptions } from './per-cpu-options.js';

/** An operation of a structure that is installed on a machine. */
export class PerCpuOperation {
  readonly #plan: OperationPlan;
  readonly #blocks: PerCpuBlocks;
  readonly #options: PerCpuOptions;
  readonly #routine: Routine;

  constructor(machine: Machine, plan: OperationPlan, blocks: PerCpuBlocks, options: PerCpuOptions) {
    const { index = 'cpu_id', order = 'relaxed', fallback } = options;
    const { strideShift } = blocks;
    const restarts = fallback === undefined;
    const program = operationProgram(plan, { index, order, strideShift, restarts });
    this.#plan = plan;
    this.#blocks = blocks;
    this.#options = options;
    this.#routine = installSections(machine, program).routine(OPERATION_ENTRY);
  }

  /** Tries by a section; a result below 0 says to go on with {@link otherwise}. */
  start(t: Thread, argument = 0): boolean {
    return t.exec(this.#routine, this.#blocks.base, argument);
  }

  /** Does the operation, by a section or else by the fallback. */
  *run(t: Thread, argument = 0): Operation<number> {
    if (!t.exec(this.#routine, this.#blocks.base, argument)) yield;
    const { result } = t;
    return result >= 0 ? result : yield* this.otherwise(t, argument);
  }

  /**
   * Does the operation by the fallback.
   *
   * @throws RuntimeError `ERR_UNREGISTERED` when there is none, or the thread has no mm_cid
   */
  *otherwise(t: Thread, argument: number): Operation<number> {
    const { index = 'cpu_id', order = 'relaxed', fallback } = this.#options;
    const { primitive, compareFailed } = this.#plan;
    for (;;) {
      if (index === 'mm_cid' || fallback === undefined) yield* expectIndex(t, index);
      const number = yield* index === 'cpu_id' ? currentCpu(t) : currentIndex(t, index);
      const attempt = yield* this.#plan.attempt(t, this.#blocks.of(number), argument, number);
      if (attempt === undefined || fallback === undefined) return 0;
      const args = [...attempt.args, number];
      const { outcome, loaded } = yield* fallback(t, { definition: primitive, order, index, args });
      if (outcome === PrimitiveOutcome.Committed) return attempt.result ?? loaded;
      if (outcome !== PrimitiveOutcome.CompareFailed) continue;
      if (compareFailed === 'nothing') return 0;
      if (compareFailed === 'wait') yield* t.waitUntilNotEqual(args[0]!, args[2]!);
    }
  }
}
