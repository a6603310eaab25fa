import { initializeAreas } from '@rseqlab/rseq-runtime';
import type { Machine, Process } from '@rseqlab/sim-machine';

const CACHE_LINE_BYTES = 64;

/** One block of memory for every possible index, each on cache lines of its own. */
export class PerCpuBlocks {
  /** Address of the block of index 0. */
  readonly base: number;
  /** Blocks are 2 to the power of this apart. */
  readonly strideShift: number;
  /** The indexes that there are: the possible CPUs. An mm_cid is one of them, too. */
  readonly indexes: readonly number[];

  /** @param bytes what a block has to hold */
  constructor(machine: Machine, process: Process, bytes: number) {
    initializeAreas(process);
    this.indexes = machine.cpus.possible;
    this.strideShift = strideShiftOf(bytes);
    this.base = process.allocate((Math.max(...this.indexes) + 1) << this.strideShift);
  }

  /** Address of an index's block. */
  of(index: number): number {
    return this.base + (index << this.strideShift);
  }
}

/** Binary logarithm of the distance between blocks of so many bytes. */
function strideShiftOf(bytes: number): number {
  return Math.ceil(Math.log2(Math.max(bytes, CACHE_LINE_BYTES)));
}
