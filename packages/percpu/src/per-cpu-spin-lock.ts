import { Registers } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { cmpeqvStorev } from '@rseqlab/rseq-runtime';
import { withDefaultFallback } from './default-fallback.js';
import { PlanRegister } from './operation-plan.js';
import type { OperationPlan } from './operation-plan.js';
import { PerCpuBlocks } from './per-cpu-blocks.js';
import { PerCpuOperation } from './per-cpu-operation.js';
import type { PerCpuOptions } from './per-cpu-options.js';

const { r0, r1, r2, r3 } = Registers;
const index = Registers[PlanRegister.index];
const block = Registers[PlanRegister.block];

const UNLOCKED = 0;
const LOCKED = 1;
const LOCK_BYTES = 4;

/**
 * lock: `cmpeqv_storev(&lock[index], 0, 1, index)`, until it commits; the result is the index.
 *
 * @source tools/testing/selftests/rseq/param_test.c (rseq_this_cpu_lock)
 */
export const LOCK_PLAN: OperationPlan = {
  name: 'per-CPU lock',
  primitive: cmpeqvStorev,
  prepare(builder) {
    builder.mov(r1, block).li(r2, UNLOCKED).li(r3, LOCKED);
  },
  finish(builder) {
    builder.mov(r0, index);
  },
  compareFailed: 'wait',

  *attempt(_t, at, _argument, own) {
    return { args: [at, UNLOCKED, LOCKED], result: own };
  },
};

/**
 * One lock for every index. Taking that of the own index costs no atomic, as others with the same
 * index cannot run at the same time; giving it back is a release store, from wherever the thread is
 * by then.
 *
 * Any number of threads may call. A thread that is preempted while it has a lock keeps it.
 *
 * @example
 * ```ts
 * const lock = PerCpuSpinLock.create(machine, process);
 * process.spawn(function* (t) {
 *   const index = yield* lock.lock(t);
 *   // the data of this index is this thread's
 *   yield* lock.unlock(t, index);
 * });
 * ```
 */
export class PerCpuSpinLock {
  readonly #blocks: PerCpuBlocks;
  readonly #lock: PerCpuOperation;

  private constructor(blocks: PerCpuBlocks, lock: PerCpuOperation) {
    this.#blocks = blocks;
    this.#lock = lock;
  }

  /** Makes unlocked locks; before the threads that use them start. */
  static create(
    machine: Machine,
    process: Process,
    options: PerCpuOptions = {},
    plan: OperationPlan = LOCK_PLAN,
  ): PerCpuSpinLock {
    const blocks = new PerCpuBlocks(machine, process, LOCK_BYTES);
    const resolved = withDefaultFallback(machine, process, options);
    return new PerCpuSpinLock(blocks, new PerCpuOperation(machine, plan, blocks, resolved));
  }

  /** Takes the lock of the index that the thread has, and returns the index. */
  lock(t: Thread): Operation<number> {
    return this.#lock.run(t);
  }

  /** Gives the lock of an index back; only the thread that has it may. Release. */
  *unlock(t: Thread, of: number): Operation<void> {
    yield* t.storeRelease(this.#blocks.of(of), UNLOCKED);
  }
}
