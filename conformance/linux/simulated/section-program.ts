import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE } from '@rseqlab/rseq-runtime';

const { r0, r1, r2, r3, r5, r7, r8, r10 } = Registers;

/** Byte offsets in the block that section and helper share: `struct attempt` of native/. */
export const AttemptOffset = {
  /** The section spins until it is 1. */
  flag: 0,
  /** The section commits by storing 1 here. */
  word: 4,
  /** The section is running. */
  entered: 8,
  /** The helper is on its CPU. */
  ready: 12,
  /** A system call that the section makes, or 0, and its arguments. */
  syscall: 16,
  arguments: 20,
  /** Memory that the section loads from, or 0. */
  touch: 32,
  /** A time to sleep. */
  timespec: 40,
} as const;

/** What the routines return. */
export const SectionResult = { Committed: 1, Aborted: 2, Passed: 3 } as const;

/** Says that it runs, makes its system call, touches its page, and spins until it is let go. */
function awaiting(builder: ProgramBuilder, name: string): ProgramBuilder {
  return builder
    .li(r8, 0)
    .li(r5, 1)
    .st32(r5, r10, AttemptOffset.entered)
    .ld32(r0, r10, AttemptOffset.syscall)
    .beq(r0, r8, `${name}.called`)
    .ld32(r1, r10, AttemptOffset.arguments)
    .ld32(r2, r10, AttemptOffset.arguments + 4)
    .ld32(r3, r10, AttemptOffset.arguments + 8)
    .syscall()
    .label(`${name}.called`)
    .ld32(r7, r10, AttemptOffset.touch)
    .beq(r7, r8, `${name}.spin`)
    .label(`${name}.touch`)
    .ld32(r5, r7)
    .label(`${name}.spin`)
    .ld32(r5, r10, AttemptOffset.flag)
    .beq(r5, r8, `${name}.spin`);
}

/** inside, outside(r1: attempt, r2: where to store, r3: the descriptor), as native/section.c has them. */
export function sectionProgram(): Program {
  const builder = new ProgramBuilder('conformance section')
    .label('outside')
    .mov(r10, r1)
    .st32(r3, r2);
  awaiting(builder, 'outer').li(r0, SectionResult.Passed).ret();
  builder.label('inside').mov(r10, r1).st32(r3, r2).label('start');
  awaiting(builder, 'inner')
    .li(r5, 1)
    .label('commit')
    .st32(r5, r10, AttemptOffset.word)
    .label('end')
    .li(r0, SectionResult.Committed)
    .ret()
    .word(RSEQ_SIGNATURE)
    .label('abort')
    .li(r0, SectionResult.Aborted)
    .ret();
  return builder.build();
}
