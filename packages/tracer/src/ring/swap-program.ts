import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';
import { INDEX_OFFSET, RSEQ_OFFSET, emitSection } from '@rseqlab/rseq-runtime';
import { RECORD_SHIFT, RingOffset, SubbufOffset } from './ring-layout.js';
import type { RingLayout } from './ring-layout.js';

const { r0, r1, r2, r3, r4, r5, r6, r8, r9, r10, r14 } = Registers;

/** Entries of {@link swapProgram}. */
export const SwapEntry = { take: 'take', giveBack: 'giveBack' } as const;

/** What a swap returns in place of the number of a sub-buffer. */
export const SwapCode = { aborted: -1, gone: -2, uncommitted: -3 } as const;

/**
 * Swaps the reader's sub-buffer with one that is in the ring, by a section on the ring's CPU: no writer is
 * between looking at the table and reserving.
 *
 * ```text
 * take(r1: ring, r2: offset of a sub-buffer's first byte, r3: the reader's sub-buffer, r4: CPU)
 *   section { on the CPU; closed, not overwritten, and committed: table[place] = the reader's }
 *   returns the sub-buffer that was there
 * giveBack(r1: ring, r2: offset, r3: what was taken, r4: CPU)
 *   section { on the CPU; not overwritten: table[place] = what was taken }
 *   returns the sub-buffer that was there: the reader's again
 * ```
 *
 * What was taken is the reader's alone. While it is, the writer finds the other one in its place.
 *
 * @source lttng-ust, src/common/ringbuffer/backend_internal.h (update_read_sb_index)
 */
export function swapProgram(layout: RingLayout): Program {
  const builder = new ProgramBuilder('ring buffer swap');
  for (const entry of [SwapEntry.take, SwapEntry.giveBack]) {
    builder.label(entry);
    emitSection(builder, {
      name: `${entry}Section`,
      body: (section) => emitSwap(section, layout, entry === SwapEntry.take),
      aborted: 'aborted',
    });
    builder.mov(r0, r5).ret();
  }
  builder.label('aborted').li(r0, SwapCode.aborted).ret();
  builder.label('gone').li(r0, SwapCode.gone).ret();
  return builder.label('uncommitted').li(r0, SwapCode.uncommitted).ret().build();
}

function emitSwap(section: ProgramBuilder, layout: RingLayout, takes: boolean): void {
  const { subbufBytes, subbufCount } = layout.geometry;
  section.note('on the CPU?').ld32(r9, r14, RSEQ_OFFSET + INDEX_OFFSET.cpu_id);
  section.bne(r9, r4, 'aborted');
  section.note('age = ring->offset - start').ld32(r9, r1, RingOffset.offset).sub(r9, r9, r2);
  section.li32(r8, subbufBytes * subbufCount).bltu(r8, r9, 'gone');
  section.shri(r6, r2, layout.subbufShift).andi(r6, r6, subbufCount - 1);
  section.shli(r6, r6, 2).add(r6, r6, r1);
  section.note('subbuf = ring->table[place]').ld32(r5, r6, RingOffset.table);
  if (takes) {
    section.li32(r8, subbufBytes).bltu(r9, r8, 'gone');
    section.shli(r8, r5, RECORD_SHIFT).add(r8, r8, r1);
    const field = (name: keyof typeof SubbufOffset): number => layout.records + SubbufOffset[name];
    section.note('committed == content?').ld32(r9, r8, field('bySection'));
    section.lda32(r10, r8, field('byAtomic')).add(r9, r9, r10).ld32(r10, r8, field('base'));
    section.sub(r9, r9, r10).ld32(r10, r8, field('contentEnd')).sub(r10, r10, r2);
    section.bne(r9, r10, 'uncommitted');
  }
  section.note('commit: ring->table[place]').stl32(r3, r6, RingOffset.table);
}
