import { Registers } from '@rseqlab/sim-machine';
import type { ProgramBuilder, Register } from '@rseqlab/sim-machine';
import {
  cmpeqvCmpeqvStorev,
  cmpeqvTrymemcpyStorev,
  cmpeqvTrystorevStorev,
} from '@rseqlab/rseq-runtime';
import { NOTHING, PlanRegister } from './operation-plan.js';
import type { OperationPlan } from './operation-plan.js';

const { r0, r1, r2, r3, r4, r5, r8 } = Registers;
const argument = Registers[PlanRegister.argument];
const block = Registers[PlanRegister.block];

/**
 * Where the items of a block begin; in front of them is their number, `count`.
 *
 * | offset | holds                                |
 * |--------|--------------------------------------|
 * | 0      | count: items in the buffer           |
 * | 4      | the items, oldest first, and no more |
 */
export const ITEMS_OFFSET = 4;

/** How a buffer does what it does. */
export interface BufferPlans {
  readonly push: OperationPlan;
  readonly pop: OperationPlan;
}

const plansOf = new Map<string, BufferPlans>();

/** Plans for one size; made once, so that their programs are, too. */
function known(size: string, make: () => BufferPlans): BufferPlans {
  let plans = plansOf.get(size);
  if (plans === undefined) {
    plans = make();
    plansOf.set(size, plans);
  }
  return plans;
}

/**
 * Buffers of pointers:
 * push is `cmpeqv_trystorev_storev(&count, n, &item[n], pointer, n + 1, index)`, and
 * pop `cmpeqv_cmpeqv_storev(&count, n, &item[n - 1], pointer, n - 1, index)`.
 *
 * @source tools/testing/selftests/rseq/param_test.c (this_cpu_buffer_push, this_cpu_buffer_pop)
 */
export function pointerPlans(capacity: number): BufferPlans {
  return known(`${capacity} pointers`, () => makePointerPlans(capacity));
}

function makePointerPlans(capacity: number): BufferPlans {
  const push: OperationPlan = {
    name: 'per-CPU buffer push',
    primitive: cmpeqvTrystorevStorev,
    prepare(builder) {
      emitRoom(builder, capacity);
      emitItem(builder, r3, r2, 4);
      builder.mov(r4, argument).addi(r5, r2, 1).mov(r1, block);
    },
    finish: emitDone,
    compareFailed: 'again',
    *attempt(t, at, pointer) {
      const count = yield* t.load(at);
      if (count >= capacity) return undefined;
      return { args: [at, count, at + ITEMS_OFFSET + 4 * count, pointer, count + 1], result: 1 };
    },
  };
  const pop: OperationPlan = {
    name: 'per-CPU buffer pop',
    primitive: cmpeqvCmpeqvStorev,
    prepare(builder) {
      emitLast(builder);
      emitItem(builder, r3, r5, 4);
      builder.note('pointer = item[count - 1]').ld32(r4, r3).mov(r1, block);
    },
    finish: (builder) => builder.mov(r0, r4),
    compareFailed: 'again',
    *attempt(t, at) {
      const count = yield* t.load(at);
      if (count === 0) return undefined;
      const item = at + ITEMS_OFFSET + 4 * (count - 1);
      const pointer = yield* t.load(item);
      return { args: [at, count, item, pointer, count - 1], result: pointer };
    },
  };
  return { push, pop };
}

/**
 * Buffers of items by value:
 * push is `cmpeqv_trymemcpy_storev(&count, n, &item[n], from, size, n + 1, index)`, and
 * pop `cmpeqv_trymemcpy_storev(&count, n, to, &item[n - 1], size, n - 1, index)`.
 *
 * @source tools/testing/selftests/rseq/param_test.c (this_cpu_memcpy_buffer_push)
 */
export function copyPlans(capacity: number, itemBytes: number): BufferPlans {
  return known(`${capacity} items of ${itemBytes}`, () => makeCopyPlans(capacity, itemBytes));
}

function makeCopyPlans(capacity: number, itemBytes: number): BufferPlans {
  const primitive = cmpeqvTrymemcpyStorev(itemBytes);
  const push: OperationPlan = {
    name: `per-CPU buffer push of ${itemBytes} bytes`,
    primitive,
    prepare(builder) {
      emitRoom(builder, capacity);
      emitItem(builder, r3, r2, itemBytes);
      builder.mov(r4, argument).addi(r5, r2, 1).mov(r1, block);
    },
    finish: emitDone,
    compareFailed: 'again',
    *attempt(t, at, from) {
      const count = yield* t.load(at);
      if (count >= capacity) return undefined;
      const item = at + ITEMS_OFFSET + itemBytes * count;
      return { args: [at, count, item, from, count + 1], result: 1 };
    },
  };
  const pop: OperationPlan = {
    name: `per-CPU buffer pop of ${itemBytes} bytes`,
    primitive,
    prepare(builder) {
      emitLast(builder);
      emitItem(builder, r4, r5, itemBytes);
      builder.mov(r3, argument).mov(r1, block);
    },
    finish: emitDone,
    compareFailed: 'again',
    *attempt(t, at, to) {
      const count = yield* t.load(at);
      if (count === 0) return undefined;
      const item = at + ITEMS_OFFSET + itemBytes * (count - 1);
      return { args: [at, count, to, item, count - 1], result: 1 };
    },
  };
  return { push, pop };
}

/** count to r2; nothing to do when there is no room. */
function emitRoom(builder: ProgramBuilder, capacity: number): void {
  builder.note('count < capacity?').ld32(r2, block).li(r8, capacity).bge(r2, r8, NOTHING);
}

/** count to r2, count - 1 to r5; nothing to do when there are no items. */
function emitLast(builder: ProgramBuilder): void {
  builder.note('count > 0?').ld32(r2, block).li(r8, 0).beq(r2, r8, NOTHING).addi(r5, r2, -1);
}

/** Address of an item. */
function emitItem(builder: ProgramBuilder, into: Register, number: Register, bytes: number): void {
  builder.muli(into, number, bytes).add(into, into, block).addi(into, into, ITEMS_OFFSET);
}

function emitDone(builder: ProgramBuilder): void {
  builder.li(r0, 1);
}
