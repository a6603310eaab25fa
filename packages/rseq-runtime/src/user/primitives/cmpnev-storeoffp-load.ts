import { Registers } from '@rseqlab/sim-machine';
import { COMPARE_FAILED, emitCommit } from './primitive-definition.js';
import type { PrimitiveDefinition } from './primitive-definition.js';

const { r1, r2, r3, r8, r9 } = Registers;

/**
 * cmpnev_storeoffp_load(v, expectnot, voffp, cpu), loads for the caller
 *
 * ```text
 * load = *v
 * if (load == expectnot) return compare failed
 * *v = *(load + voffp)                        commit
 * return load
 * ```
 *
 * With a list's head as v, NULL as expectnot and the place of `next` in a node as voffp, it pops.
 *
 * @source librseq, rseq_load_cbeq_store_add_load_store__ptr
 */
export const cmpnevStoreoffpLoad: PrimitiveDefinition = {
  name: 'cmpnev_storeoffp_load',
  parameters: ['v', 'expectnot', 'voffp', 'cpu'],
  loads: true,
  emit(builder, end) {
    builder.note('load = *v; load != expectnot?').ld32(r9, r1).beq(r9, r2, end.compareFailed);
    builder.add(r8, r9, r3).note('newv = *(load + voffp)').ld32(r8, r8);
    builder.note('commit: *v = newv');
    emitCommit(builder, end, r8, r1);
  },
  reference(memory, args) {
    const [v, expectnot, voffp] = args as [number, number, number];
    const loaded = memory.load(v);
    if (loaded === expectnot) return COMPARE_FAILED;
    memory.store(v, memory.load((loaded + voffp) | 0));
    return { outcome: 0, loaded };
  },
};
