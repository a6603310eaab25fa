import type { Operation, ProgramBuilder, Thread } from '@rseqlab/sim-machine';
import type { PrimitiveDefinition } from '@rseqlab/rseq-runtime';

/** Registers that {@link OperationPlan.prepare} finds: what is not the primitive's, see there. */
export const PlanRegister = {
  /** The argument of the operation. */
  argument: 'r11',
  /** Address of the block of the thread's index. */
  block: 'r12',
  /** The thread's index. */
  index: 'r13',
} as const;

/** Label to go to from {@link OperationPlan.prepare} when there is nothing to do: the result is 0. */
export const NOTHING = 'nothing';

/** An attempt made without a section. */
export interface PlannedAttempt {
  /** The primitive's arguments without the index. */
  readonly args: readonly number[];
  /** Result of the operation once it is done; default what the primitive loads. */
  readonly result?: number;
}

/**
 * One operation of a per-CPU structure: a primitive, and how its arguments come from the block of
 * the thread's index. Written twice: for the section, and for a fallback.
 */
export interface OperationPlan {
  /** Name for reports. */
  readonly name: string;
  readonly primitive: PrimitiveDefinition;
  /**
   * Writes, inside the section, what sets the primitive's arguments (r1 to r6, but for the index).
   * May use r8 and r9; see {@link PlanRegister}.
   */
  prepare(builder: ProgramBuilder): void;
  /** Writes, behind the commit, what sets r0 to the result, which is not negative. */
  finish(builder: ProgramBuilder): void;
  /** What a compare that fails means: nothing to do, wait until `*v` is not newv, or try again. */
  readonly compareFailed: 'nothing' | 'wait' | 'again';
  /** Finds the arguments by loads of the thread; undefined when there is nothing to do. */
  attempt(
    t: Thread,
    block: number,
    argument: number,
    index: number,
  ): Operation<PlannedAttempt | undefined>;
}
