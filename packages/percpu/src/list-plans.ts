import { Registers } from '@rseqlab/sim-machine';
import { cmpeqvStorev, cmpnevStoreoffpLoad } from '@rseqlab/rseq-runtime';
import { PlanRegister } from './operation-plan.js';
import type { OperationPlan } from './operation-plan.js';

const { r0, r1, r2, r3, r9 } = Registers;
const node = Registers[PlanRegister.argument];
const head = Registers[PlanRegister.block];

/** Byte offset of `next` in a node. */
export const NEXT_OFFSET = 0;

const NULL = 0;

/**
 * push: `node->next = head; cmpeqv_storev(&head, node->next, node, index)`
 *
 * In the section the compare cannot fail; it is there for the fallback, which does the same
 * primitive without having seen the head loaded.
 *
 * @source tools/testing/selftests/rseq/param_test.c (this_cpu_list_push)
 */
export const PUSH_PLAN: OperationPlan = {
  name: 'per-CPU list push',
  primitive: cmpeqvStorev,
  prepare(builder) {
    builder.note('node->next = head').ld32(r2, head).st32(r2, node, NEXT_OFFSET);
    builder.mov(r1, head).mov(r3, node);
  },
  finish(builder) {
    builder.li(r0, 0);
  },
  compareFailed: 'again',
  *attempt(t, at, argument) {
    const first = yield* t.load(at);
    yield* t.store(argument + NEXT_OFFSET, first);
    return { args: [at, first, argument], result: 0 };
  },
};

/**
 * pop: `cmpnev_storeoffp_load(&head, NULL, offset of next, index)`
 *
 * @source tools/testing/selftests/rseq/param_test.c (this_cpu_list_pop)
 */
export const POP_PLAN: OperationPlan = {
  name: 'per-CPU list pop',
  primitive: cmpnevStoreoffpLoad,
  prepare(builder) {
    builder.mov(r1, head).li(r2, NULL).li(r3, NEXT_OFFSET);
  },
  finish(builder) {
    builder.mov(r0, r9);
  },
  compareFailed: 'nothing',

  *attempt(_t, at) {
    return { args: [at, NULL, NEXT_OFFSET] };
  },
};

/** pop all: `first = head; cmpeqv_storev(&head, first, NULL, index)` */
export const POP_ALL_PLAN: OperationPlan = {
  name: 'per-CPU list pop all',
  primitive: cmpeqvStorev,
  prepare(builder) {
    builder.note('first = head').ld32(r2, head).mov(r1, head).li(r3, NULL);
  },
  finish(builder) {
    builder.mov(r0, r2);
  },
  compareFailed: 'again',
  *attempt(t, at) {
    const first = yield* t.load(at);
    return { args: [at, first, NULL], result: first };
  },
};
