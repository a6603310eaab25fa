import { emitSection, RSEQ_OFFSET, RseqOffset } from '@rseqlab/rseq-runtime';
import { ProgramBuilder, Registers, SyscallNumber } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';
import { atomicReadSection, rseqReadSection } from './read-section-body.js';

const { r0, r1, r2, r3, r5, r6, r8, r9, r10, r11, r12, r14 } = Registers;

const LINE_SHIFT = 6;
const CPU_ID = RSEQ_OFFSET + RseqOffset.cpuId;
const CPU_ID_START = RSEQ_OFFSET + RseqOffset.cpuIdStart;

/**
 * Finds the thread's block: an instruction of its own on arm32 (`mrc`), part of the operand on x86.
 *
 * The machine that runs it prices reading the clock as that: no instruction of its own reads a
 * coprocessor.
 */
type Emit = (builder: ProgramBuilder) => unknown;

/** Label of a loop's entry: r1 is the number of rounds, r2 the address of the counters. */
export const LOOP_ENTRY = 'loop';

/** Instructions of a loop around nothing: count down, and branch. */
export const LOOP_INSTRUCTIONS = 2;

/** r5 = counters + cpu lines, with the CPU in r5 and the counters in r10. */
function wordOfCpu(builder: ProgramBuilder): void {
  builder.shli(r5, r5, LINE_SHIFT).add(r5, r5, r10);
}

/** What is measured in a loop: given the instruction that finds the thread's block, its code. */
const BODIES = {
  nothing: () => undefined,
  cpuId: (b, findBlock) => {
    findBlock(b);
    b.ld32(r5, r14, CPU_ID);
  },
  lazyRegistration: (b, findBlock) => {
    findBlock(b);
    b.ld32(r5, r14, CPU_ID).slti(r6, r5, 0).bne(r6, r12, 'register');
  },
  hardwareNumber: (b) => {
    b.rdpid(r5);
  },
  /** The machine that runs it prices the reading as a call of the C library. */
  getcpu: (b) => {
    b.rdpid(r5);
  },
  systemCall: (b) => {
    b.mov(r1, r10).li(r2, 0).li(r3, 0).li(r0, SyscallNumber.getcpu).syscall();
  },
  atomicCounter: (b) => {
    b.rdpid(r5);
    wordOfCpu(b);
    b.li(r6, 1).xadd32(r6, r5);
  },
  rseqCounter: (b, findBlock) => {
    b.label('restart');
    findBlock(b);
    emitSection(b, {
      name: 'cs',
      body: (section) => {
        section.ld32(r5, r14, CPU_ID);
        wordOfCpu(section);
        section.ld32(r6, r5).addi(r6, r6, 1).st32(r6, r5);
      },
      aborted: 'restart',
    });
  },
  librseqCounter: (b, findBlock) => {
    b.label('restart');
    findBlock(b);
    b.ld32(r9, r14, CPU_ID_START).mov(r5, r9);
    wordOfCpu(b);
    emitSection(b, {
      name: 'cs',
      body: (section) =>
        section
          .ld32(r8, r14, CPU_ID)
          .bne(r8, r9, 'cs.abort')
          .ld32(r6, r5)
          .addi(r6, r6, 1)
          .st32(r6, r5),
      aborted: 'restart',
    });
  },
  atomicReadSection: (b) => {
    atomicReadSection(b);
  },
  rseqReadSection: (b, findBlock) => {
    rseqReadSection(b, findBlock);
  },
} as const satisfies Readonly<Record<string, (builder: ProgramBuilder, findBlock: Emit) => void>>;

/** The name of something that is measured in a loop. */
export type LoopBody = keyof typeof BODIES;

/**
 * A loop around a body.
 *
 * @param hasBlockRegister whether finding the thread's block takes no instruction
 */
export function loopProgram(body: LoopBody, hasBlockRegister: boolean): Program {
  const builder = new ProgramBuilder(`loop around ${body}`)
    .label(LOOP_ENTRY)
    .mov(r11, r1)
    .mov(r10, r2)
    .li(r12, 0)
    .label('again');
  BODIES[body](builder, (b) => {
    if (!hasBlockRegister) b.rdclk(r9);
  });
  builder.addi(r11, r11, -1).bne(r11, r12, 'again').ret();
  if (body === 'lazyRegistration') builder.label('register').brk();
  return builder.build();
}
