import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { ITEMS_OFFSET, copyPlans } from './buffer-plans.js';
import type { BufferPlans } from './buffer-plans.js';
import { checkCapacity } from './check-capacity.js';
import { withDefaultFallback } from './default-fallback.js';
import type { OperationPlan } from './operation-plan.js';
import { PerCpuBlocks } from './per-cpu-blocks.js';
import { PerCpuOperation } from './per-cpu-operation.js';
import type { PerCpuOptions } from './per-cpu-options.js';

/** Size of a buffer of items. */
export interface CopyBufferSize {
  /** Items for each index, 1 to 1000. */
  readonly capacity: number;
  /** Bytes of an item, a multiple of 4 up to 1024. */
  readonly itemBytes: number;
}

/**
 * One bounded buffer of items by value for every index; what was pushed last is popped first. What
 * librseq's tests call memcpy buffer.
 *
 * | operation | on the buffer of the own index         | primitive                 |
 * |-----------|----------------------------------------|---------------------------|
 * | `push`    | copies an item in, or false if full    | `cmpeqv_trymemcpy_storev` |
 * | `pop`     | copies the newest item out, or false   | `cmpeqv_trymemcpy_storev` |
 *
 * Any number of threads may call, each with its own memory to copy from and to. A pop that was
 * aborted may leave part of an item there.
 */
export class PerCpuCopyBuffer {
  readonly #process: Process;
  readonly #blocks: PerCpuBlocks;
  readonly #size: CopyBufferSize;
  readonly #push: PerCpuOperation;
  readonly #pop: PerCpuOperation;

  private constructor(
    machine: Machine,
    process: Process,
    size: CopyBufferSize,
    options: PerCpuOptions,
    plans: BufferPlans,
  ) {
    const bytes = ITEMS_OFFSET + size.itemBytes * size.capacity;
    const resolved = withDefaultFallback(machine, process, options);
    this.#process = process;
    this.#size = size;
    this.#blocks = new PerCpuBlocks(machine, process, bytes);
    const install = (plan: OperationPlan): PerCpuOperation =>
      new PerCpuOperation(machine, plan, this.#blocks, resolved);
    this.#push = install(plans.push);
    this.#pop = install(plans.pop);
  }

  /**
   * Makes empty buffers; before the threads that use them start.
   *
   * @param plans others than the default are for seeing them fail
   * @throws PerCpuError `ERR_CAPACITY`, RuntimeError `ERR_COPY_LENGTH` for a size that cannot be
   */
  static create(
    machine: Machine,
    process: Process,
    size: CopyBufferSize,
    options: PerCpuOptions = {},
    plans: BufferPlans = copyPlans(checkCapacity(size.capacity), size.itemBytes),
  ): PerCpuCopyBuffer {
    return new PerCpuCopyBuffer(machine, process, size, options, plans);
  }

  /** Copies an item in from an address; false when there is no room. */
  *push(t: Thread, from: number): Operation<boolean> {
    return (yield* this.#push.run(t, from)) !== 0;
  }

  /** Copies the newest item out to an address; false when there is none. */
  *pop(t: Thread, to: number): Operation<boolean> {
    return (yield* this.#pop.run(t, to)) !== 0;
  }

  /** Makes items, at most the capacity, the content of an index's buffer, from outside. */
  fill(index: number, items: readonly (readonly number[])[]): void {
    const at = this.#blocks.of(index);
    this.#process.write32(at, items.length);
    for (const [n, words] of items.entries())
      for (const [word, value] of words.entries())
        this.#process.write32(at + ITEMS_OFFSET + this.#size.itemBytes * n + 4 * word, value);
  }

  /** The items of all buffers as they are, word by word, one buffer after the other, oldest first. */
  items(): number[][] {
    const { itemBytes } = this.#size;
    return this.#blocks.indexes.flatMap((index) => {
      const at = this.#blocks.of(index);
      return Array.from({ length: this.#process.read32(at) }, (_, n) =>
        Array.from({ length: itemBytes / 4 }, (__, word) =>
          this.#process.read32(at + ITEMS_OFFSET + itemBytes * n + 4 * word),
        ),
      );
    });
  }
}
