import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program, Register } from '@rseqlab/sim-machine';
import { INDEX_OFFSET, RSEQ_OFFSET, emitSection } from '@rseqlab/rseq-runtime';
import { FRAME_COMMITTED, MAX_RECORD_BYTES } from './frame.js';
import { SubbufOffset } from './ring-layout.js';
import { NESTING_OFFSET } from './nesting.js';
import type { RingVariant } from './ring-variant.js';

const { r1, r2, r3, r4, r5, r8, r9, r14 } = Registers;

/** Entry of {@link commitProgram}. */
export const COMMIT_ENTRY = 'commit';

/**
 * commit(r1: slot, r2: its first word, r3: record of the sub-buffer, r4: CPU of the ring).
 *
 * ```text
 * slot->frame = committed                                   release
 * section { if rseq->cpu_id == cpu: subbuf->bySection += size }   release
 * or      { atomic subbuf->byAtomic += size }                     full fence
 * ```
 *
 * The section is tried once: who is aborted, or has come to another CPU since the reservation, counts on
 * the word beside, in the ring where the slot is. A reader that acquires both words and finds that they
 * add up sees all that was stored before.
 */
export function commitProgram({ releases, splitsCommits }: RingVariant): Program {
  const builder = new ProgramBuilder('ring buffer commit').label(COMMIT_ENTRY);
  const store = (value: Register, at: Register, offset: number): ProgramBuilder =>
    releases ? builder.stl32(value, at, offset) : builder.st32(value, at, offset);
  builder.andi(r8, r2, MAX_RECORD_BYTES).ori(r5, r2, FRAME_COMMITTED);
  builder.note('slot: frame, committed');
  store(r5, r1, 0);
  emitSection(builder, {
    name: 'commitSection',
    body: (section) => {
      section.note("the slot's CPU?").ld32(r9, r14, RSEQ_OFFSET + INDEX_OFFSET.cpu_id);
      section.bne(r9, r4, 'commitSection.abort');
      section
        .note('bytes = subbuf->bySection')
        .ld32(r9, r3, SubbufOffset.bySection)
        .add(r9, r9, r8);
      section.note('commit: subbuf->bySection = bytes + size');
      store(r9, r3, SubbufOffset.bySection);
    },
    aborted: (handler) => {
      handler.note('atomic: subbuf->byAtomic += size');
      handler.xadd32(r8, r3, splitsCommits ? SubbufOffset.byAtomic : SubbufOffset.bySection);
      handler.jmp('committed');
    },
  });
  builder.label('committed').ld32(r9, r14, NESTING_OFFSET).addi(r9, r9, -1);
  return builder.st32(r9, r14, NESTING_OFFSET).ret().build();
}
