import type { ProgramBuilder } from '@rseqlab/sim-machine';
import { Registers } from '@rseqlab/sim-machine';
import { RSEQ_OFFSET, RSEQ_SIGNATURE, RseqOffset } from '@rseqlab/rseq-runtime';

const { r1, r5, r6, r8, r14 } = Registers;

/** Bytes of a CPU's block, as a shift: room for a small buffer, on lines of its own. */
export const BLOCK_SHIFT = 8;

/**
 * Writes a routine (r1: the block of CPU 0) that does something with the block of its CPU.
 *
 * The body finds the CPU in r5, its block in r6 and 0 in r8, ends with the committing store, and may
 * leave for `none`, where the routine returns 0; after the commit it returns r0.
 */
export function perCpuRoutine(
  builder: ProgramBuilder,
  name: string,
  body: (section: ProgramBuilder, none: string) => unknown,
): ProgramBuilder {
  const none = `${name}.none`;
  return builder
    .label(name)
    .li(r8, 0)
    .li32(r5, `${name}.cs`)
    .st32(r5, r14, RSEQ_OFFSET + RseqOffset.rseqCs)
    .section(`${name}.cs`, {
      signature: RSEQ_SIGNATURE,
      body: (section) => {
        section
          .ld32(r5, r14, RSEQ_OFFSET + RseqOffset.cpuId)
          .shli(r6, r5, BLOCK_SHIFT)
          .add(r6, r6, r1);
        body(section, none);
      },
      abort: name,
    })
    .ret()
    .label(none)
    .li(Registers.r0, 0)
    .ret();
}

/** Bytes that blocks for the CPUs of a machine take. */
export function blocksBytes(cpus: readonly number[]): number {
  return (Math.max(...cpus) + 1) << BLOCK_SHIFT;
}

/** Where the block of a CPU is. */
export function blockOf(base: number, cpu: number): number {
  return base + (cpu << BLOCK_SHIFT);
}
