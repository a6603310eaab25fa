import { RseqOffset } from '../../kernel/rseq-abi.js';
import { RSEQ_OFFSET } from '../rseq-area.js';
import type { SymbolicValue } from './symbolic-value.js';

const ORIGINAL_BYTES = 32;

/** The rseq area of a thread that a vector stands in for, on the CPU that it is for. */
export class ThreadArea {
  readonly cpu: number;
  readonly #start: number;

  constructor(threadPointer: number, cpu: number) {
    this.#start = threadPointer + RSEQ_OFFSET;
    this.cpu = cpu;
  }

  /** What a load from the area finds; undefined elsewhere. */
  field(address: number, size: number): SymbolicValue | undefined {
    const offset = address - this.#start;
    if (offset <= -size || offset >= ORIGINAL_BYTES) return undefined;
    const isCpu = offset === RseqOffset.cpuId || offset === RseqOffset.cpuIdStart;
    return isCpu && size === 4 ? this.cpu : { kind: 'opaque', rule: 'index' };
  }

  /** Whether a store goes to `rseq_cs`. */
  isRseqCs(address: number): boolean {
    const offset = address - this.#start;
    return offset === RseqOffset.rseqCs || offset === RseqOffset.rseqCsHigh;
  }
}
