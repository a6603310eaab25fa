import { Registers } from '@rseqlab/sim-machine';
import { COMMITTED, COMPARE_FAILED, emitCommit } from './primitive-definition.js';
import type { PrimitiveDefinition } from './primitive-definition.js';

const { r1, r2, r3, r4, r5, r8 } = Registers;

/**
 * cmpeqv_cmpeqv_storev(v, expect, v2, expect2, newv, cpu)
 *
 * ```text
 * if (*v != expect) return compare failed
 * if (*v2 != expect2) return compare failed
 * *v = newv                                   commit
 * ```
 *
 * @source librseq, rseq_load_cbne_load_cbne_store__ptr
 */
export const cmpeqvCmpeqvStorev: PrimitiveDefinition = {
  name: 'cmpeqv_cmpeqv_storev',
  parameters: ['v', 'expect', 'v2', 'expect2', 'newv', 'cpu'],
  loads: false,
  emit(builder, end) {
    builder.note('*v == expect?').ld32(r8, r1).bne(r8, r2, end.compareFailed);
    builder.note('*v2 == expect2?').ld32(r8, r3).bne(r8, r4, end.compareFailed);
    builder.note('commit: *v = newv');
    emitCommit(builder, end, r5, r1);
  },
  reference(memory, args) {
    const [v, expect, v2, expect2, newv] = args as [number, number, number, number, number];
    if (memory.load(v) !== expect || memory.load(v2) !== expect2) return COMPARE_FAILED;
    memory.store(v, newv);
    return COMMITTED;
  },
};
