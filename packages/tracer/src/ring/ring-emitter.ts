import { Registers } from '@rseqlab/sim-machine';
import type { ProgramBuilder, Register } from '@rseqlab/sim-machine';
import { INDEX_OFFSET, RSEQ_OFFSET } from '@rseqlab/rseq-runtime';
import { RECORD_SHIFT, RingOffset, SubbufOffset } from './ring-layout.js';
import type { RingLayout } from './ring-layout.js';
import type { RingVariant } from './ring-variant.js';

/** Registers of the sections that reserve. */
export const RingRegister: Readonly<
  Record<
    | 'result'
    | 'rings'
    | 'frame'
    | 'owner'
    | 'now'
    | 'ring'
    | 'cpu'
    | 'slot'
    | 'subbuf'
    | 'scratch'
    | 'offset'
    | 'used'
    | 'size'
    | 'zero',
    Register
  >
> = {
  /** Scratch, and what the routine returns. */
  result: Registers.r0,
  /** Address of the ring of CPU 0. */
  rings: Registers.r1,
  /** First word of the record; 0 for who only closes. */
  frame: Registers.r2,
  /** Who asks: its pid. */
  owner: Registers.r3,
  now: Registers.r4,
  /** Address of the ring of the CPU. */
  ring: Registers.r5,
  cpu: Registers.r6,
  /** Address of the slot, less the offset of the sub-buffers. */
  slot: Registers.r7,
  /** Address of the record of the sub-buffer, less the offset of the records. */
  subbuf: Registers.r8,
  scratch: Registers.r9,
  offset: Registers.r10,
  /** Bytes of the sub-buffer that are used. */
  used: Registers.r11,
  size: Registers.r12,
  zero: Registers.r13,
};

const { result, rings, owner, now, ring, cpu, slot, subbuf, scratch, offset, used, zero } =
  RingRegister;

/** Writes what the sections of a ring have in common. */
export class RingEmitter {
  readonly layout: RingLayout;
  readonly variant: RingVariant;
  readonly #builder: ProgramBuilder;

  constructor(builder: ProgramBuilder, layout: RingLayout, variant: RingVariant) {
    this.#builder = builder;
    this.layout = layout;
    this.variant = variant;
  }

  /** The CPU, its ring, the offset there, and behind it the clock. Goes to `noCpu` without one. */
  look(): void {
    const builder = this.#builder;
    builder.note('cpu = rseq->cpu_id').ld32(cpu, Registers.r14, RSEQ_OFFSET + INDEX_OFFSET.cpu_id);
    builder.blt(cpu, zero, 'noCpu');
    builder.li32(scratch, this.layout.strideBytes).mul(ring, cpu, scratch).add(ring, ring, rings);
    builder.note('offset = ring->offset').ld32(offset, ring, RingOffset.offset);
    if (this.variant.clock === 'in section') builder.note('now = clock()').rdclk(now);
    builder.li32(scratch, this.layout.geometry.subbufBytes - 1).and(used, offset, scratch);
  }

  /** The slot at the offset, and the record of its sub-buffer. */
  locate(): void {
    const builder = this.#builder;
    const { subbufShift, geometry } = this.layout;
    builder.shri(subbuf, offset, subbufShift).andi(subbuf, subbuf, geometry.subbufCount - 1);
    if (geometry.mode === 'overwrite') {
      builder.shli(subbuf, subbuf, 2).add(subbuf, subbuf, ring);
      builder.note('subbuf = ring->table[place]').ld32(subbuf, subbuf, RingOffset.table);
    }
    builder.shli(slot, subbuf, subbufShift).add(slot, slot, ring).add(slot, slot, used);
    builder.shli(subbuf, subbuf, RECORD_SHIFT).add(subbuf, subbuf, ring);
  }

  /**
   * Goes to a label unless the sub-buffer can take the record: it does not fit, another process owns
   * the sub-buffer, or times so far apart would be ambiguous.
   */
  unlessFits(size: Register, label: string): void {
    const builder = this.#builder;
    builder.add(scratch, used, size).li32(result, this.layout.geometry.subbufBytes);
    builder.bltu(result, scratch, label);
    if (this.layout.geometry.isShared)
      builder
        .note('owner == pid?')
        .ld32(result, subbuf, this.field('owner'))
        .bne(result, owner, label);
    if (this.variant.clock === 'none') return;
    builder.note('now - begin < 2^31?').ld32(result, subbuf, this.field('beginClock'));
    builder.sub(result, now, result).blt(result, zero, label);
  }

  /** Stores where the content ends and when. */
  end(at: Register): void {
    this.#builder.note('subbuf->contentEnd').st32(at, subbuf, this.field('contentEnd'));
    this.#builder.note('subbuf->endClock').st32(now, subbuf, this.field('endClock'));
  }

  /** Offset of a field of a sub-buffer's record from register `subbuf`. */
  field(name: keyof typeof SubbufOffset): number {
    return this.layout.records + SubbufOffset[name];
  }
}
