import { ProgramBuilder, Registers, SyscallNumber } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';
import { emitSection } from '@rseqlab/rseq-runtime';
import { FRAME_BYTES, MAX_RECORD_BYTES } from './frame.js';
import { RingEmitter, RingRegister } from './ring-emitter.js';
import { RingOffset, lossOffset } from './ring-layout.js';
import type { Loss, RingLayout } from './ring-layout.js';
import { MAX_NESTING, NESTING_OFFSET } from './nesting.js';
import type { RingVariant } from './ring-variant.js';

const { result, rings, frame, owner, now, ring, cpu, slot, subbuf, scratch } = RingRegister;
const { offset, used, size, zero } = RingRegister;
const { sp, r14 } = Registers;

/** Entries of {@link reserveProgram}. */
export const ReserveEntry = {
  reserve: 'reserve',
  close: 'close',
  closeEmpty: 'closeEmpty',
} as const;

/** What a reservation returns in place of the address of a slot. */
export const ReserveCode = { done: 0, full: 1, wrap: 2, aborted: 3, noCpu: 4, nested: 5 } as const;

/** Everything above is the address of a slot. */
export const LAST_RESERVE_CODE = 15;

/** Registers besides r0 with what a reservation found: the CPU, and the record of the sub-buffer. */
export const ReserveResult = { cpu: 6, subbuf: 8 } as const;

/** Where the time of an opening waits for its section, below the stack pointer. */
const TIME_SCRATCH = -64;

const CLOCK_MONOTONIC = 1;

/**
 * What moves the offset of a ring; nothing else does. Each is a section that ends in the store of the
 * offset: whoever is preempted, migrated or interrupted before has reserved, closed or opened nothing.
 *
 * ```text
 * reserve(rings, frame, pid):
 *   section reserve { cpu, offset, clock; the sub-buffer is open and the record fits:
 *                     frame and clock to the slot; offset += size }
 *   not open: section open  { room in the ring; begin the sub-buffer; reserve as above }
 *   no room in the sub-buffer: section close { where the content ends, and when;
 *                     offset = next sub-buffer } and once more
 * close(rings): closes the sub-buffer if it is open.
 * closeEmpty(rings): closes it, or makes an empty one.
 * ```
 *
 * The CPU is a result: where the record is, the first instruction of the section decides.
 *
 * @source lttng-ust, src/common/ringbuffer/ring_buffer_frontend.c, whose slow path does in several steps,
 *   each of which a producer may die before, what are stores of one section here
 */
export function reserveProgram(layout: RingLayout, variant: RingVariant): Program {
  const builder = new ProgramBuilder('ring buffer reserve').returns(cpu, subbuf);
  const emitter = new RingEmitter(builder, layout, variant);
  emitReserve(builder, emitter);
  emitClose(builder, emitter);
  emitOpen(builder, emitter);
  emitEmpty(builder, emitter);
  builder.label('again').bne(frame, zero, 'look').label('done').li(result, ReserveCode.done).ret();
  builder.label('aborted').li(result, ReserveCode.aborted).jmp('failed');
  builder.label('noCpu').li(result, ReserveCode.noCpu).jmp('failed');
  emitLoss(builder, 'full', ReserveCode.full);
  emitLoss(builder, 'wrap', ReserveCode.wrap);
  emitFailed(builder);
  emitNested(builder, emitter);
  return builder.build();
}

function emitReserve(builder: ProgramBuilder, emitter: RingEmitter): void {
  builder.label(ReserveEntry.reserve).li(zero, 0).andi(size, frame, MAX_RECORD_BYTES);
  builder.note('nesting < 5?').ld32(result, r14, NESTING_OFFSET).li(scratch, MAX_NESTING);
  builder.bge(result, scratch, 'nested').addi(result, result, 1).st32(result, r14, NESTING_OFFSET);
  builder.label('look');
  if (emitter.variant.clock === 'before section') builder.rdclk(now);
  emitSection(builder, {
    name: 'reserveSection',
    body: () => {
      emitter.look();
      builder.beq(used, zero, 'open');
      emitter.locate();
      emitter.unlessFits(size, 'closeFull');
      emitTake(builder, emitter, 'reserve');
    },
    aborted: 'aborted',
  });
  emitResult(builder, emitter);
}

/** The slot is taken: what stands in front of the record, and the committing store of the offset. */
function emitTake(builder: ProgramBuilder, emitter: RingEmitter, name: string): void {
  const { data, geometry } = emitter.layout;
  builder.note('slot: frame, not committed').st32(frame, slot, data);
  if (emitter.variant.clock !== 'none') builder.note('slot: clock').st32(now, slot, data + 4);
  builder
    .add(offset, offset, size)
    .li32(scratch, geometry.subbufBytes - 1)
    .and(used, offset, scratch);
  builder.bne(used, zero, `${name}.commit`);
  emitter.end(offset);
  builder.label(`${name}.commit`).note('commit: ring->offset = offset + size');
  builder.stl32(offset, ring, RingOffset.offset);
}

function emitResult(builder: ProgramBuilder, { layout }: RingEmitter): void {
  builder.addi(result, slot, layout.data).addi(subbuf, subbuf, layout.records).ret();
}

/** Closes the sub-buffer, unless somebody else has done it meanwhile and the record fits now. */
function emitClose(builder: ProgramBuilder, emitter: RingEmitter): void {
  const { subbufBytes } = emitter.layout.geometry;
  builder
    .label(ReserveEntry.close)
    .li(zero, 0)
    .li(frame, 0)
    .li32(size, 2 * subbufBytes);
  builder.label('closeFull');
  emitSection(builder, {
    name: 'closeSection',
    body: () => {
      emitter.look();
      builder.beq(used, zero, 'again');
      emitter.locate();
      emitter.unlessFits(size, 'close.full');
      builder.jmp('again').label('close.full');
      emitter.end(offset);
      builder
        .li32(scratch, subbufBytes - 1)
        .or(offset, offset, scratch)
        .addi(offset, offset, 1);
      builder.note('commit: ring->offset = next sub-buffer').stl32(offset, ring, RingOffset.offset);
    },
    aborted: 'aborted',
  });
  builder.jmp('again');
}

function emitOpen(builder: ProgramBuilder, emitter: RingEmitter): void {
  builder.label('open');
  emitTime(builder, emitter);
  emitSection(builder, {
    name: 'openSection',
    body: () => {
      emitter.look();
      builder.bne(used, zero, 'again');
      emitBegin(builder, emitter);
      emitTake(builder, emitter, 'open');
    },
    aborted: 'aborted',
  });
  emitResult(builder, emitter);
}

/** An empty sub-buffer in place of one that is not open: opened and closed at once. */
function emitEmpty(builder: ProgramBuilder, emitter: RingEmitter): void {
  builder.label(ReserveEntry.closeEmpty).li(zero, 0).li(frame, 0);
  builder.li32(size, 2 * emitter.layout.geometry.subbufBytes);
  emitTime(builder, emitter);
  emitSection(builder, {
    name: 'emptySection',
    body: () => {
      emitter.look();
      builder.bne(used, zero, 'empty.isOpen');
      emitBegin(builder, emitter);
      emitter.end(offset);
      builder.li32(scratch, emitter.layout.geometry.subbufBytes).add(offset, offset, scratch);
      builder.note('commit: ring->offset = next sub-buffer').stl32(offset, ring, RingOffset.offset);
    },
    aborted: 'aborted',
  });
  builder.jmp('done').label('empty.isOpen').jmp('closeFull');
}

/** Begins the sub-buffer at the offset, if there is room for one. */
function emitBegin(builder: ProgramBuilder, emitter: RingEmitter): void {
  const { geometry } = emitter.layout;
  const bufferBytes = geometry.subbufBytes * geometry.subbufCount;
  if (geometry.mode === 'discard') {
    builder.note('offset - ring->consumed < size?').lda32(scratch, ring, RingOffset.consumed);
    builder.sub(scratch, offset, scratch).li32(result, bufferBytes);
    builder.bgeu(scratch, result, 'full');
  }
  emitter.locate();
  builder.note('subbuf->bySection').ld32(result, subbuf, emitter.field('bySection'));
  builder.note('subbuf->byAtomic').lda32(scratch, subbuf, emitter.field('byAtomic'));
  builder.add(scratch, scratch, result);
  if (geometry.mode === 'overwrite') {
    builder.note('committed == content?').ld32(result, subbuf, emitter.field('base'));
    builder.sub(result, scratch, result).ld32(used, subbuf, emitter.field('contentEnd'));
    builder.sub(result, result, used).ld32(used, subbuf, emitter.field('start'));
    builder.add(result, result, used).bne(result, zero, 'wrap');
  }
  builder.note('subbuf->base').st32(scratch, subbuf, emitter.field('base'));
  builder.note('subbuf->start').st32(offset, subbuf, emitter.field('start'));
  builder.note('subbuf->owner').st32(owner, subbuf, emitter.field('owner'));
  if (emitter.variant.clock === 'none') return;
  builder.note('subbuf->beginClock').st32(now, subbuf, emitter.field('beginClock'));
  builder.ld32(scratch, sp, TIME_SCRATCH).st32(scratch, subbuf, emitter.field('seconds'));
  builder.ld32(scratch, sp, TIME_SCRATCH + 4).st32(scratch, subbuf, emitter.field('nanoseconds'));
}

/** The time, by system call: the clock's 32 bits alone do not tell which of their turns it is. */
function emitTime(builder: ProgramBuilder, { variant }: RingEmitter): void {
  if (variant.clock === 'none') return;
  builder.mov(scratch, rings).mov(offset, frame).note('clock_gettime(CLOCK_MONOTONIC)');
  builder.li(result, SyscallNumber.clock_gettime).li(rings, CLOCK_MONOTONIC);
  builder.addi(frame, sp, TIME_SCRATCH).syscall().mov(rings, scratch).mov(frame, offset);
}

function emitLoss(builder: ProgramBuilder, loss: Loss, code: number): void {
  builder.label(loss).beq(frame, zero, `${loss}.noEvent`).li(scratch, 1);
  builder.note(`atomic: ring->lost.${loss} += 1`).xadd32(scratch, ring, lossOffset(loss));
  builder.label(`${loss}.noEvent`).li(result, code).jmp('failed');
}

/** Nothing was reserved, so nothing will be committed: the nesting ends here. */
function emitFailed(builder: ProgramBuilder): void {
  builder.label('failed').beq(frame, zero, 'failed.noEvent').ld32(scratch, r14, NESTING_OFFSET);
  builder.addi(scratch, scratch, -1).st32(scratch, r14, NESTING_OFFSET);
  builder.label('failed.noEvent').ret();
}

/** Counts an event from too deep in the ring of the CPU that the thread is on, or was a moment ago. */
function emitNested(builder: ProgramBuilder, { layout }: RingEmitter): void {
  builder.label('nested').rdpid(cpu).li32(scratch, layout.strideBytes).mul(ring, cpu, scratch);
  builder.add(ring, ring, rings).li(scratch, 1).note('atomic: ring->lost.nested += 1');
  builder.xadd32(scratch, ring, lossOffset('nested')).li(result, ReserveCode.nested).ret();
}

/** Bytes of a record with a payload of some bytes; a whole number of words. */
export function recordBytes(payloadBytes: number): number {
  return (FRAME_BYTES + payloadBytes + 3) & ~3;
}
