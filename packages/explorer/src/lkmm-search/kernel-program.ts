import { ProgramBuilder, Registers, type Program } from '@rseqlab/sim-machine';
import { ODD_COUNTERS } from './section-word.js';

const { r0, r1, r2, r3, r4, r5, r6, r7 } = Registers;

/**
 * What the kernel behind C tests does in more than one access.
 *
 * | routine | with                          | does                                                    |
 * |---------|-------------------------------|---------------------------------------------------------|
 * | `scan`  | r1: a word of counters        | waits until all that are odd now have changed           |
 * | `lock`  | r1: a lock, r2: who takes it  | waits until the lock is 0 and makes it r2               |
 *
 * They leave nothing behind in registers: what they saw on the way does not tell states apart.
 */
export const KERNEL_PROGRAM: Program = new ProgramBuilder('kernel')
  .label('scan')
  .li32(r5, ODD_COUNTERS)
  .ld32(r2, r1)
  .mov(r3, r2)
  .and(r4, r2, r5)
  .label('scan.again')
  .li(r0, 0)
  .beq(r4, r0, 'scan.done')
  .await32(r0, r1, r3)
  .mov(r3, r0)
  .note('the lowest bit of every counter: whether any of its bits has changed')
  .xor(r6, r2, r3)
  .shri(r7, r6, 1)
  .or(r6, r6, r7)
  .shri(r7, r6, 2)
  .or(r6, r6, r7)
  .and(r6, r6, r5)
  .xor(r6, r6, r5)
  .and(r4, r4, r6)
  .jmp('scan.again')
  .label('scan.done')
  .ret()
  .label('lock')
  .li(r3, 0)
  .mov(r0, r3)
  .cas32(r0, r1, r2)
  .beq(r0, r3, 'lock.done')
  .mov(r4, r0)
  .await32(r0, r1, r4)
  .jmp('lock')
  .label('lock.done')
  .ret()
  .build();
