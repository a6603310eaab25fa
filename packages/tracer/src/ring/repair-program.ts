import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';
import { INDEX_OFFSET, RSEQ_OFFSET, emitSection } from '@rseqlab/rseq-runtime';
import { RECORD_SHIFT, RingOffset, SubbufOffset } from './ring-layout.js';
import type { RingLayout } from './ring-layout.js';

const { r0, r1, r2, r3, r4, r5, r6, r8, r9, r10, r14 } = Registers;

/** Entry of {@link repairProgram}. */
export const REPAIR_ENTRY = 'repair';

/** What a repair returns where it has repaired nothing. */
export const RepairCode = { nothing: 0, aborted: -1 } as const;

/**
 * repair(r1: ring, r2: offset of a sub-buffer's first byte, r3: its owner, who is dead, r4: CPU), mode overwrite.
 *
 * ```text
 * section { on the CPU; the sub-buffer is in its place, closed, still that one and the owner's:
 *           subbuf->bySection += what is missing }
 * returns the bytes that were missing; 0 for none
 * ```
 *
 * The sum is completed where sections of the CPU complete it, by their one store: of several who find the
 * owner dead one repairs, and nobody after the sub-buffer has been begun anew. What atomics count cannot
 * move meanwhile, since only threads of the owner have reserved there.
 */
export function repairProgram(layout: RingLayout): Program {
  const { subbufBytes, subbufCount } = layout.geometry;
  const field = (name: keyof typeof SubbufOffset): number => layout.records + SubbufOffset[name];
  const builder = new ProgramBuilder('ring buffer repair').label(REPAIR_ENTRY);
  emitSection(builder, {
    name: 'repairSection',
    body: (section) => {
      section.note('on the CPU?').ld32(r9, r14, RSEQ_OFFSET + INDEX_OFFSET.cpu_id);
      section.bne(r9, r4, 'aborted');
      section.note('age = ring->offset - start').ld32(r9, r1, RingOffset.offset).sub(r9, r9, r2);
      section.li32(r8, subbufBytes).bltu(r9, r8, 'nothing');
      section.shri(r6, r2, layout.subbufShift).andi(r6, r6, subbufCount - 1);
      section.shli(r6, r6, 2).add(r6, r6, r1);
      section.note('subbuf = ring->table[place]').ld32(r5, r6, RingOffset.table);
      section.shli(r8, r5, RECORD_SHIFT).add(r8, r8, r1);
      section.note('subbuf->start').ld32(r9, r8, field('start')).bne(r9, r2, 'nothing');
      section.note('subbuf->owner').ld32(r9, r8, field('owner')).bne(r9, r3, 'nothing');
      section.note('bytes = subbuf->bySection').ld32(r9, r8, field('bySection'));
      section.lda32(r10, r8, field('byAtomic')).add(r10, r10, r9);
      section.ld32(r5, r8, field('base')).sub(r10, r10, r5);
      section.ld32(r5, r8, field('contentEnd')).sub(r5, r5, r2).sub(r5, r5, r10);
      section.li(r10, 0).beq(r5, r10, 'nothing').add(r9, r9, r5);
      section.note('commit: subbuf->bySection = bytes + missing');
      section.stl32(r9, r8, field('bySection'));
    },
    aborted: 'aborted',
  });
  builder.mov(r0, r5).ret();
  builder.label('aborted').li(r0, RepairCode.aborted).ret();
  return builder.label('nothing').li(r0, RepairCode.nothing).ret().build();
}
