import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { withDefaultFallback } from './default-fallback.js';
import { NEXT_OFFSET, POP_ALL_PLAN, POP_PLAN, PUSH_PLAN } from './list-plans.js';
import type { OperationPlan } from './operation-plan.js';
import { PerCpuBlocks } from './per-cpu-blocks.js';
import { PerCpuOperation } from './per-cpu-operation.js';
import type { PerCpuOptions } from './per-cpu-options.js';

const HEAD_BYTES = 4;

/** How a list does what it does; others than the default are for seeing them fail. */
export interface ListPlans {
  readonly push: OperationPlan;
  readonly pop: OperationPlan;
  readonly popAll: OperationPlan;
}

const PLANS: ListPlans = { push: PUSH_PLAN, pop: POP_PLAN, popAll: POP_ALL_PLAN };

/**
 * One stack of nodes for every index, such as the free list of an allocator. A node is the caller's
 * memory, at an address that is not 0; its first word is the list's while it is pushed.
 *
 * | operation | on the list of the own index                      | primitive             |
 * |-----------|---------------------------------------------------|-----------------------|
 * | `push`    | puts a node in front                              | `cmpeqv_storev`       |
 * | `pop`     | takes the first one, or 0                         | `cmpnev_storeoffp_load` |
 * | `popAll`  | takes all: the first one, linked to the next ones | `cmpeqv_storev`       |
 *
 * Any number of threads may call. There is no ABA: who pops cannot be overtaken by who has the same
 * index, and no other touches the list.
 *
 * @example
 * ```ts
 * const free = PerCpuList.create(machine, process);
 * process.spawn(function* (t) {
 *   yield* free.push(t, node);
 *   const taken = yield* free.pop(t);
 * });
 * ```
 */
export class PerCpuList {
  readonly #process: Process;
  readonly #blocks: PerCpuBlocks;
  readonly #push: PerCpuOperation;
  readonly #pop: PerCpuOperation;
  readonly #popAll: PerCpuOperation;

  private constructor(
    machine: Machine,
    process: Process,
    options: PerCpuOptions,
    plans: ListPlans,
  ) {
    const blocks = new PerCpuBlocks(machine, process, HEAD_BYTES);
    const resolved = withDefaultFallback(machine, process, options);
    const install = (plan: OperationPlan): PerCpuOperation =>
      new PerCpuOperation(machine, plan, blocks, resolved);
    this.#process = process;
    this.#blocks = blocks;
    this.#push = install(plans.push);
    this.#pop = install(plans.pop);
    this.#popAll = install(plans.popAll);
  }

  /** Makes empty lists; before the threads that use them start. */
  static create(
    machine: Machine,
    process: Process,
    options: PerCpuOptions = {},
    plans: ListPlans = PLANS,
  ): PerCpuList {
    return new PerCpuList(machine, process, options, plans);
  }

  /** Puts a node in front of the list of the own index. */
  *push(t: Thread, node: number): Operation<void> {
    yield* this.#push.run(t, node);
  }

  /** Takes the first node of the list of the own index; 0 when it is empty. */
  pop(t: Thread): Operation<number> {
    return this.#pop.run(t);
  }

  /** Takes all nodes of the list of the own index, linked; 0 when it is empty. */
  popAll(t: Thread): Operation<number> {
    return this.#popAll.run(t);
  }

  /** The node behind another one; 0 behind the last. */
  next(t: Thread, node: number): Operation<number> {
    return t.load(node + NEXT_OFFSET);
  }

  /** Puts a node in front of the list of an index from outside, before the threads run. */
  prepend(index: number, node: number): void {
    const head = this.#blocks.of(index);
    this.#process.write32(node + NEXT_OFFSET, this.#process.read32(head));
    this.#process.write32(head, node);
  }

  /**
   * The nodes of all lists as they are, one list after the other; at most `limit` of one list, so
   * that a list which bites its tail has an end.
   */
  nodes(limit = 1000): number[] {
    return this.#blocks.indexes.flatMap((index) => {
      const found: number[] = [];
      let node = this.#process.read32(this.#blocks.of(index));
      for (; node !== 0 && found.length < limit; node = this.#process.read32(node + NEXT_OFFSET))
        found.push(node);
      return found;
    });
  }
}
