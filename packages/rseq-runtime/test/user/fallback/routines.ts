import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqOffset } from '../../../src/kernel/rseq-abi.js';

export const { r0, r1, r2, r3, r5, r6, r7, r8, r14 } = Registers;

/** What routines return. */
export const DONE = 1;
export const FAILED = 2;
export const ABORTED = 99;

/** A routine `entry` with a section `cs`; a branch to `failed` leaves without effect. */
export function routine(body: (builder: ProgramBuilder) => unknown): Program {
  return new ProgramBuilder('routine')
    .label('entry')
    .li32(r7, 'cs')
    .st32(r7, r14, RseqOffset.rseqCs)
    .section('cs', {
      signature: RSEQ_SIGNATURE,
      body,
      abort: (builder) => builder.li(r0, ABORTED).ret(),
    })
    .li(r0, DONE)
    .ret()
    .label('failed')
    .li(r0, FAILED)
    .ret()
    .build();
}

/** r5 = r1 + cpu * 64: the CPU's word of per-CPU data at r1. */
export function ownWord(builder: ProgramBuilder): ProgramBuilder {
  return builder.ld32(r5, r14, RseqOffset.cpuId).shli(r5, r5, 6).add(r5, r5, r1);
}

/** add(r1: counters, r2: what to add) */
export const COUNTER_ADD: Program = routine((b) =>
  ownWord(b).ld32(r6, r5).add(r6, r6, r2).st32(r6, r5),
);

/** compareAndStore(r1: words, r2: expected, r3: new value) */
export const COMPARE_AND_STORE: Program = routine((b) =>
  ownWord(b).ld32(r6, r5).bne(r6, r2, 'failed').st32(r3, r5),
);

/** push(r1: heads, r2: node, whose first word leads to the next) */
export const LIST_PUSH: Program = routine((b) => ownWord(b).ld32(r6, r5).st32(r6, r2).st32(r2, r5));
