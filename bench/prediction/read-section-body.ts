import { emitSection, RSEQ_OFFSET, RseqOffset } from '@rseqlab/rseq-runtime';
import { Registers } from '@rseqlab/sim-machine';
import type { ProgramBuilder } from '@rseqlab/sim-machine';

const { r5, r6, r8, r9, r10, r14 } = Registers;

const CPU_ID = RSEQ_OFFSET + RseqOffset.cpuId;

/** Where things lie behind the counters of two CPUs that r10 holds the address of. */
const Place = { period: 128, pointer: 192, target: 256 } as const;

/** Bytes behind r10. */
export const READ_SECTION_BYTES = 320;

/** The counters of a CPU: lock, unlock. */
const Counter = { lock: 0, unlock: 8 } as const;

/** r8 = counters + cpu lines + period, with the CPU in r5 and the counters in r10. */
function counterOfCpu(builder: ProgramBuilder): void {
  builder.ld32(r6, r10, Place.period).shli(r5, r5, 6).add(r8, r5, r10).add(r8, r8, r6);
}

/** What is read in a section: a pointer is followed, and what it points to is compared. */
function dereference(builder: ProgramBuilder): void {
  builder.ld32(r9, r10, Place.pointer).addi(r9, r10, Place.target).ld32(r9, r9).slti(r9, r9, 0);
}

/**
 * A read section that counts by atomics on the CPU that a call of the C library names, in lock and in
 * unlock. An atomic orders, so that there are no fences beside.
 */
export function atomicReadSection(builder: ProgramBuilder): void {
  for (const counter of [Counter.lock, Counter.unlock]) {
    builder.rdpid(r5);
    counterOfCpu(builder);
    builder.li(r6, 1).xadd32(r6, r8, counter);
    if (counter === Counter.lock) dereference(builder);
  }
}

/**
 * A read section that counts by sections of rseq, with the fences that it has where there is no
 * membarrier: when the figures were published, there was none that is fast.
 *
 * @param findBlock emits the instruction that finds the thread's block, where it takes one
 */
export function rseqReadSection(
  builder: ProgramBuilder,
  findBlock: (builder: ProgramBuilder) => unknown,
): void {
  for (const [name, counter] of Object.entries(Counter)) {
    if (name === 'unlock') builder.fence();
    builder.label(`${name}.restart`);
    findBlock(builder);
    emitSection(builder, {
      name: `${name}.cs`,
      body: (section) => {
        section.ld32(r5, r14, CPU_ID);
        counterOfCpu(section);
        section.ld32(r6, r8, counter).addi(r6, r6, 1).st32(r6, r8, counter);
      },
      aborted: `${name}.restart`,
    });
    if (name === 'lock') {
      builder.fence();
      dereference(builder);
    }
  }
}
