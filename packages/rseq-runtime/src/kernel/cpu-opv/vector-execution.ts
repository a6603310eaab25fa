import { CostKind } from '@rseqlab/sim-machine';
import type { KernelWorkPort } from '@rseqlab/sim-machine';
import { CpuOpCode, CpuOpOffset } from './cpu-op-abi.js';
import type { KernelVector } from './kernel-vector.js';
import { WordPair } from '../word-pair.js';

/** Instructions that choosing what an operation does takes. */
const DISPATCH_INSTRUCTIONS = 4;

/** Carries out the operations of a vector whose pages are pinned, so that no access fails. */
export class VectorExecution {
  readonly #work: KernelWorkPort;
  readonly #vector: KernelVector;
  readonly #value = new WordPair();

  constructor(work: KernelWorkPort, vector: KernelVector) {
    this.#work = work;
    this.#vector = vector;
  }

  /**
   * Runs the first `count` operations.
   *
   * @returns 0 when all were done; i + 1 when the comparison at index i failed
   */
  run(count: number): number {
    for (let index = 0; index < count; index++) {
      this.#work.charge(CostKind.Instruction, DISPATCH_INSTRUCTIONS);
      if (!this.#execute(index)) return index + 1;
    }
    return 0;
  }

  /** False when a comparison failed. */
  #execute(index: number): boolean {
    const vector = this.#vector;
    const first = vector.word(index, CpuOpOffset.first);
    const second = vector.word(index, CpuOpOffset.second);
    const length = vector.word(index, CpuOpOffset.len);
    const code = vector.word(index, CpuOpOffset.op);
    switch (code) {
      case CpuOpCode.COMPARE_EQ:
        return this.#equal(first, second, length);
      case CpuOpCode.COMPARE_NE:
        return !this.#equal(first, second, length);
      case CpuOpCode.MEMCPY:
        this.#copy(first, second, length);
        return true;
      case CpuOpCode.MB:
        this.#work.fence();
        return true;
      default:
        this.#modify(code, first, length, second, vector.word(index, CpuOpOffset.secondHigh));
        return true;
    }
  }

  /** Lengths of 1, 2, 4 and 8 bytes are one access each. */
  #equal(a: number, b: number, length: number): boolean {
    const work = this.#work;
    let at = 0;
    while (at < length) {
      const size = pieceOf(length - at);
      const low = work.load(a + at, size);
      const high = work.high;
      if (work.load(b + at, size) !== low || work.high !== high) return false;
      at += size;
    }
    return true;
  }

  /** From the lowest address up; the order matters where the operands overlap. */
  #copy(destination: number, source: number, length: number): void {
    const work = this.#work;
    let at = 0;
    while (at < length) {
      const size = pieceOf(length - at);
      const low = work.load(source + at, size);
      work.store(destination + at, size, low, work.high);
      at += size;
    }
  }

  #modify(code: number, address: number, length: number, low: number, high: number): void {
    const work = this.#work;
    const value = this.#value;
    value.set(work.load(address, length), work.high);
    work.charge(CostKind.Instruction, 1);
    if (code === CpuOpCode.ADD) value.add(low, high);
    else if (code === CpuOpCode.OR) value.or(low, high);
    else if (code === CpuOpCode.AND) value.and(low, high);
    else if (code === CpuOpCode.XOR) value.xor(low, high);
    else if (code === CpuOpCode.LSHIFT) value.shiftLeft(low);
    else value.shiftRight(low);
    work.store(address, length, value.low, value.high);
  }
}

/** Size of the next access of what is left: as large as it can be. */
function pieceOf(left: number): number {
  if (left >= 8) return 8;
  if (left >= 4) return 4;
  return left >= 2 ? 2 : 1;
}
