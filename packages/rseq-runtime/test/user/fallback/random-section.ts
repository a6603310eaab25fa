import fc from 'fast-check';
import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program, Register } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqOffset } from '../../../src/kernel/rseq-abi.js';
import { ABORTED, DONE, FAILED } from './routines.js';

const { r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r14 } = Registers;

/** Words of random data that a section works on: those at r1, and as many at r2. */
export const AREA_BYTES = 32;

/** The raw material of one instruction; every value makes a legal one. */
interface Draft {
  readonly pick: number;
  readonly into: number;
  readonly other: number;
  readonly at: number;
  readonly immediate: number;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  pick: fc.nat(99),
  into: fc.nat(2),
  other: fc.nat(4),
  at: fc.nat(31),
  immediate: fc.integer({ min: 0, max: 3 }),
});

/** A section, what it is called with and what memory holds. */
export interface RandomCall {
  readonly program: Program;
  /** r3 and r4; r1 and r2 are addresses. */
  readonly values: readonly [number, number];
  /** Both areas, word by word. */
  readonly memory: readonly number[];
}

const word = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constant(-1), fc.constant(0x01020102));

/** Random calls; small numbers, so that comparisons hold now and then. */
export const randomCalls: fc.Arbitrary<RandomCall> = fc.record({
  program: fc
    .tuple(fc.array(draft, { maxLength: 9 }), draft)
    .map(([body, last]) => build(body, last)),
  values: fc.tuple(word, word),
  memory: fc.array(word, { minLength: AREA_BYTES / 2, maxLength: AREA_BYTES / 2 }),
});

const LOADED: readonly Register[] = [r5, r6, r8];
const OTHERS: readonly Register[] = [r3, r4, r5, r6, r8];

function build(body: readonly Draft[], last: Draft): Program {
  const builder = new ProgramBuilder('random section')
    .label('entry')
    .li32(r7, 'cs')
    .st32(r7, r14, RseqOffset.rseqCs);
  for (const register of LOADED) builder.li(register, 1);
  return builder
    .li(r9, 0)
    .section('cs', {
      signature: RSEQ_SIGNATURE,
      body: (section) => {
        for (const [index, one] of body.entries()) {
          section.label(`step${index}`);
          emit(section, one, index + 2 < body.length ? `step${index + 2}` : 'commit');
        }
        store(section.label('commit'), last);
      },
      abort: (handler) => handler.li(r0, ABORTED).ret(),
    })
    .li(r0, DONE)
    .ret()
    .label('failed')
    .li(r0, FAILED)
    .ret()
    .label('loaded')
    .mov(r0, r5)
    .ret()
    .build();
}

function emit(builder: ProgramBuilder, one: Draft, ahead: string): void {
  const { pick, immediate } = one;
  const into = LOADED[one.into]!;
  const other = OTHERS[one.other]!;
  if (pick < 28) load(builder, one, into);
  else if (pick < 42) store(builder, one);
  else if (pick < 56) inPlace(builder, one, into);
  else if (pick < 70) {
    const target = pick === 58 ? ahead : pick === 59 ? 'loaded' : 'failed';
    if (pick % 2 === 0) builder.beq(into, other, target);
    else builder.bne(into, other, target);
  } else if (pick < 73) builder.blt(into, other, 'failed');
  else if (pick < 77) builder.add(into, into, other);
  else if (pick < 80) builder.sub(into, other, into);
  else if (pick < 83) builder.andi(into, into, immediate);
  else if (pick < 86) builder.ori(into, into, immediate);
  else if (pick < 89) builder.xor(into, into, other);
  else if (pick < 91) builder.shli(into, into, immediate * 9);
  else if (pick < 93) builder.shri(into, into, immediate);
  else if (pick < 95) builder.addi(into, into, -immediate);
  else if (pick < 96) builder.fence();
  else if (pick < 97) builder.slt(into, into, other);
  else if (pick < 98) builder.ld64(r6, r1, one.at & 24).st64(r6, r2, one.at & 24);
  else builder.mov(into, other);
}

/** Loads, computes and stores in one place: what most sections are about. */
function inPlace(
  builder: ProgramBuilder,
  { pick, at, other, immediate }: Draft,
  into: Register,
): void {
  const base = other % 2 === 0 ? r1 : r2;
  const isByte = immediate === 0;
  if (isByte) builder.ld8u(into, base, at);
  else builder.ld32(into, base, at & 28);
  const operation = pick % 7;
  if (operation === 0) builder.and(into, into, r3);
  else if (operation === 1) builder.or(into, r3, into);
  else if (operation === 2) builder.xor(into, into, r4);
  else if (operation === 3) builder.shli(into, into, immediate * 9);
  else if (operation === 4) builder.shri(into, into, immediate * 3);
  else builder.add(into, into, r4);
  if (isByte) builder.st8(into, base, at);
  else builder.st32(into, base, at & 28);
}

function load(builder: ProgramBuilder, { at, other, pick }: Draft, into: Register): void {
  const base = other % 2 === 0 ? r1 : r2;
  if (pick < 19) builder.ld32(into, base, at & 28);
  else if (pick < 22) builder.ld8u(into, base, at);
  else if (pick < 24) builder.ld16u(into, base, at & 30);
  else if (pick < 26) builder.ld8s(into, base, at);
  else builder.ld16s(into, base, at & 30);
}

function store(builder: ProgramBuilder, { at, other, into, pick, immediate }: Draft): void {
  const base = immediate % 2 === 0 ? r1 : r2;
  const value = pick % 3 === 0 ? OTHERS[other]! : LOADED[into]!;
  if (pick % 8 < 4) builder.st32(value, base, at & 28);
  else if (pick % 8 < 5) builder.stl32(value, base, at & 28);
  else if (pick % 8 < 7) builder.st8(value, base, at);
  else builder.st16(value, base, at & 30);
}
