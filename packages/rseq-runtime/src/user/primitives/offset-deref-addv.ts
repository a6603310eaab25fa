import { Registers } from '@rseqlab/sim-machine';
import { COMMITTED, emitCommit } from './primitive-definition.js';
import type { PrimitiveDefinition } from './primitive-definition.js';

const { r1, r2, r3, r8, r9 } = Registers;

/**
 * offset_deref_addv(ptr, off, inc, cpu)
 *
 * ```text
 * pval = *(ptr + off)
 * *pval = *pval + inc                         commit
 * ```
 *
 * @source librseq, rseq_load_add_load_load_add_store__ptr
 */
export const offsetDerefAddv: PrimitiveDefinition = {
  name: 'offset_deref_addv',
  parameters: ['ptr', 'off', 'inc', 'cpu'],
  loads: false,
  emit(builder, end) {
    builder.add(r8, r1, r2).note('pval = *(ptr + off)').ld32(r8, r8);
    builder.note('value = *pval').ld32(r9, r8).add(r9, r9, r3);
    builder.note('commit: *pval = value + inc');
    emitCommit(builder, end, r9, r8);
  },
  reference(memory, args) {
    const [ptr, off, inc] = args as [number, number, number];
    const pval = memory.load((ptr + off) | 0);
    memory.store(pval, (memory.load(pval) + inc) | 0);
    return COMMITTED;
  },
};
