import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { ITEMS_OFFSET, pointerPlans } from './buffer-plans.js';
import type { BufferPlans } from './buffer-plans.js';
import { checkCapacity } from './check-capacity.js';
import { withDefaultFallback } from './default-fallback.js';
import type { OperationPlan } from './operation-plan.js';
import { PerCpuBlocks } from './per-cpu-blocks.js';
import { PerCpuOperation } from './per-cpu-operation.js';
import type { PerCpuOptions } from './per-cpu-options.js';

/**
 * One bounded buffer of pointers for every index; what was pushed last is popped first.
 *
 * | operation | on the buffer of the own index      | primitive                 |
 * |-----------|-------------------------------------|---------------------------|
 * | `push`    | puts a pointer in, or false if full | `cmpeqv_trystorev_storev` |
 * | `pop`     | takes the newest pointer, or 0      | `cmpeqv_cmpeqv_storev`    |
 *
 * Any number of threads may call. Unlike a list it needs no memory of the pointed to, and popping
 * does not touch it.
 */
export class PerCpuBuffer {
  readonly #process: Process;
  readonly #blocks: PerCpuBlocks;
  readonly #push: PerCpuOperation;
  readonly #pop: PerCpuOperation;

  private constructor(
    machine: Machine,
    process: Process,
    capacity: number,
    options: PerCpuOptions,
    plans: BufferPlans,
  ) {
    const resolved = withDefaultFallback(machine, process, options);
    this.#process = process;
    this.#blocks = new PerCpuBlocks(machine, process, ITEMS_OFFSET + 4 * capacity);
    const install = (plan: OperationPlan): PerCpuOperation =>
      new PerCpuOperation(machine, plan, this.#blocks, resolved);
    this.#push = install(plans.push);
    this.#pop = install(plans.pop);
  }

  /**
   * Makes empty buffers; before the threads that use them start.
   *
   * @param capacity pointers for each index, 1 to 1000
   * @param plans others than the default are for seeing them fail
   * @throws PerCpuError `ERR_CAPACITY` for another capacity
   */
  static create(
    machine: Machine,
    process: Process,
    capacity: number,
    options: PerCpuOptions = {},
    plans: BufferPlans = pointerPlans(checkCapacity(capacity)),
  ): PerCpuBuffer {
    return new PerCpuBuffer(machine, process, capacity, options, plans);
  }

  /** Puts a pointer, which is not 0 and not negative, in; false when there is no room. */
  *push(t: Thread, pointer: number): Operation<boolean> {
    return (yield* this.#push.run(t, pointer)) !== 0;
  }

  /** Takes the newest pointer; 0 when there is none. */
  pop(t: Thread): Operation<number> {
    return this.#pop.run(t);
  }

  /** The number of pointers of an index, for who loads it with acquire. */
  countAddress(index: number): number {
    return this.#blocks.of(index);
  }

  /** Makes pointers, at most the capacity, the content of an index's buffer, from outside. */
  fill(index: number, pointers: readonly number[]): void {
    const at = this.#blocks.of(index);
    this.#process.write32(at, pointers.length);
    for (const [n, pointer] of pointers.entries())
      this.#process.write32(at + ITEMS_OFFSET + 4 * n, pointer);
  }

  /** The pointers of all buffers as they are, one buffer after the other, oldest first. */
  pointers(): number[] {
    return this.#blocks.indexes.flatMap((index) => {
      const at = this.#blocks.of(index);
      return Array.from({ length: this.#process.read32(at) }, (_, n) =>
        this.#process.read32(at + ITEMS_OFFSET + 4 * n),
      );
    });
  }
}
