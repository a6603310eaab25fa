import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';
import { BLOCK_SHIFT, CounterOffset, PERIOD_SHIFT } from './domain-layout.js';

const { r0, r1, r2, r5, r6, r8 } = Registers;

/** Entry of {@link SCAN_PROGRAM}. */
export const SCAN_ENTRY = 'sum';

/** Register with the sum of period 1, behind r0 with that of period 0. */
export const SECOND_SUM = 5;

/** Bytes from a counter by atomic to the counter by section beside it. */
const BY_SECTION = CounterOffset.rseqLock - CounterOffset.lock;

/**
 * sum(r1: address of a count of period 0 in the first block, r2: number of blocks, at least 1): the sum
 * over all CPUs of what was counted by atomic and by section, modulo 2^32, for each period.
 */
export const SCAN_PROGRAM: Program = new ProgramBuilder('rcu scan')
  .returns(r5)
  .label(SCAN_ENTRY)
  .li(r0, 0)
  .li(r5, 0)
  .li(r8, 0)
  .label('next')
  .ld32(r6, r1)
  .add(r0, r0, r6)
  .ld32(r6, r1, BY_SECTION)
  .add(r0, r0, r6)
  .ld32(r6, r1, 1 << PERIOD_SHIFT)
  .add(r5, r5, r6)
  .ld32(r6, r1, (1 << PERIOD_SHIFT) + BY_SECTION)
  .add(r5, r5, r6)
  .addi(r1, r1, 1 << BLOCK_SHIFT)
  .addi(r2, r2, -1)
  .bne(r2, r8, 'next')
  .ret()
  .build();
