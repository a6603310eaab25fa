import { Registers } from '@rseqlab/sim-machine';
import { COMMITTED, COMPARE_FAILED, emitCommit } from './primitive-definition.js';
import type { PrimitiveDefinition } from './primitive-definition.js';

const { r1, r2, r3, r4, r5, r8 } = Registers;

/**
 * cmpeqv_trystorev_storev(v, expect, v2, newv2, newv, cpu)
 *
 * ```text
 * if (*v != expect) return compare failed
 * *v2 = newv2                                 tried: an abort may leave it done
 * *v = newv                                   commit
 * ```
 *
 * What is tried has to be meaningless to others until the commit, such as the free slot of a buffer.
 *
 * @source librseq, rseq_load_cbne_store_store__ptr
 */
export const cmpeqvTrystorevStorev: PrimitiveDefinition = {
  name: 'cmpeqv_trystorev_storev',
  parameters: ['v', 'expect', 'v2', 'newv2', 'newv', 'cpu'],
  loads: false,
  emit(builder, end) {
    builder.note('*v == expect?').ld32(r8, r1).bne(r8, r2, end.compareFailed);
    builder.note('try: *v2 = newv2').st32(r4, r3);
    builder.note('commit: *v = newv');
    emitCommit(builder, end, r5, r1);
  },
  reference(memory, args) {
    const [v, expect, v2, newv2, newv] = args as [number, number, number, number, number];
    if (memory.load(v) !== expect) return COMPARE_FAILED;
    memory.store(v2, newv2);
    memory.store(v, newv);
    return COMMITTED;
  },
};
