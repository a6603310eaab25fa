import { RseqOffset } from '../../kernel/rseq-abi.js';
import { RSEQ_OFFSET } from '../rseq-area.js';
import type { SymbolicValue } from './symbolic-value.js';

const ORIGINAL_BYTES = 32;

/** The rseq area of a thread that a vector stands in for, on the CPU that it is for. */
export class ThreadArea {
  readonly cpu: number;
  /** Whether `mm_cid` may be looked at: where the vector sees to it that the thread stays on its CPU. */
  readonly hasCid: boolean;
  readonly #start: number;

  constructor(threadPointer: number, cpu: number, hasCid: boolean) {
    this.#start = threadPointer + RSEQ_OFFSET;
    this.cpu = cpu;
    this.hasCid = hasCid;
  }

  /** Address of `cpu_id`. */
  get cpuIdAddress(): number {
    return this.#start + RseqOffset.cpuId;
  }

  /** What a load from the area finds; undefined elsewhere. */
  field(address: number, size: number): SymbolicValue | undefined {
    const offset = address - this.#start;
    if (offset <= -size || offset >= ORIGINAL_BYTES) return undefined;
    // A word like others, as long as the thread runs.
    if (this.hasCid && offset === RseqOffset.mmCid && size === 4) return undefined;
    const isCpu = offset === RseqOffset.cpuId || offset === RseqOffset.cpuIdStart;
    return isCpu && size === 4 ? this.cpu : { kind: 'opaque', rule: 'index' };
  }

  /** Whether a store goes to `rseq_cs`. */
  isRseqCs(address: number): boolean {
    const offset = address - this.#start;
    return offset === RseqOffset.rseqCs || offset === RseqOffset.rseqCsHigh;
  }
}
