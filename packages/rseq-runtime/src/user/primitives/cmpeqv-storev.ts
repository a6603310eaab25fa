import { Registers } from '@rseqlab/sim-machine';
import { COMMITTED, COMPARE_FAILED, emitCommit } from './primitive-definition.js';
import type { PrimitiveDefinition } from './primitive-definition.js';

const { r1, r2, r3, r8 } = Registers;

/**
 * cmpeqv_storev(v, expect, newv, cpu)
 *
 * ```text
 * if (*v != expect) return compare failed
 * *v = newv                                   commit
 * ```
 *
 * @source librseq, rseq_load_cbne_store__ptr
 */
export const cmpeqvStorev: PrimitiveDefinition = {
  name: 'cmpeqv_storev',
  parameters: ['v', 'expect', 'newv', 'cpu'],
  loads: false,
  emit(builder, end) {
    builder.note('*v == expect?').ld32(r8, r1).bne(r8, r2, end.compareFailed);
    builder.note('commit: *v = newv');
    emitCommit(builder, end, r3, r1);
  },
  reference(memory, args) {
    const [v, expect, newv] = args as [number, number, number];
    if (memory.load(v) !== expect) return COMPARE_FAILED;
    memory.store(v, newv);
    return COMMITTED;
  },
};
