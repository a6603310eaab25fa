import { Registers } from '@rseqlab/sim-machine';
import { COMMITTED, emitCommit } from './primitive-definition.js';
import type { PrimitiveDefinition } from './primitive-definition.js';

const { r1, r2, r8 } = Registers;

/**
 * addv(v, count, cpu)
 *
 * ```text
 * *v = *v + count                             commit
 * ```
 *
 * @source librseq, rseq_load_add_store__ptr
 */
export const addv: PrimitiveDefinition = {
  name: 'addv',
  parameters: ['v', 'count', 'cpu'],
  loads: false,
  emit(builder, end) {
    builder.note('value = *v').ld32(r8, r1).add(r8, r8, r2).note('commit: *v = value + count');
    emitCommit(builder, end, r8, r1);
  },
  reference(memory, args) {
    const [v, count] = args as [number, number];
    memory.store(v, (memory.load(v) + count) | 0);
    return COMMITTED;
  },
};
