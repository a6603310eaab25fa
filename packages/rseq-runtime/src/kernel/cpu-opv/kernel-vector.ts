import { CostKind, Errno, isUserRange } from '@rseqlab/sim-machine';
import type { KernelWorkPort } from '@rseqlab/sim-machine';
import {
  CPU_OP_BYTES,
  CPU_OP_DATA_LEN_MAX,
  CPU_OP_VEC_DATA_LEN_MAX,
  CPU_OP_VEC_LEN_MAX,
  CpuOpCode,
  CpuOpOffset,
} from './cpu-op-abi.js';
import { PIN_COST } from './pin-cost.js';

const WORDS = CPU_OP_BYTES / 4;
const PAGE_BYTES = 4096;
/** Instructions that checking one operation takes: tests of its code, its length and the sum. */
const CHECK_INSTRUCTIONS = 8;

/** The kernel's copy of the vector of the system call that runs. */
export class KernelVector {
  /** Operations, {@link CPU_OP_BYTES} bytes each. */
  readonly words: Int32Array = new Int32Array(CPU_OP_VEC_LEN_MAX * WORDS);
  readonly #work: KernelWorkPort;

  constructor(work: KernelWorkPort) {
    this.#work = work;
  }

  /** The word of an operation at a byte offset of {@link CpuOpOffset}. */
  word(index: number, offset: number): number {
    return this.words[index * WORDS + (offset >> 2)]!;
  }

  /** Copies a vector out of user memory; 0 or -EFAULT. */
  copyIn(address: number, count: number): number {
    const work = this.#work;
    if (count > 0 && !isUserRange(address, count * CPU_OP_BYTES)) return -Errno.EFAULT;
    for (let at = 0; at < count * WORDS; at += 2) {
      this.words[at] = work.load(address + at * 4, 8);
      if (work.failed) return -Errno.EFAULT;
      this.words[at + 1] = work.high;
    }
    return 0;
  }

  /** Checks operations and lengths, in their order, and the sum at last; 0 or -EINVAL. */
  check(count: number): number {
    let sum = 0;
    for (let index = 0; index < count; index++) {
      if (!this.#isValid(index)) return -Errno.EINVAL;
      if (this.word(index, CpuOpOffset.op) !== CpuOpCode.MB)
        sum += this.word(index, CpuOpOffset.len);
    }
    this.#work.charge(CostKind.Instruction, count * CHECK_INSTRUCTIONS);
    return sum > CPU_OP_VEC_DATA_LEN_MAX ? -Errno.EINVAL : 0;
  }

  /**
   * Makes all pages present that the operations access, in the order of the operations, at most two
   * an operand: 0, -EFAULT, or -EAGAIN where the operand says that a fault is expected.
   */
  pin(count: number): number {
    for (let index = 0; index < count; index++) {
      const code = this.word(index, CpuOpOffset.op);
      if (code === CpuOpCode.MB) continue;
      const isShift = code === CpuOpCode.LSHIFT || code === CpuOpCode.RSHIFT;
      const expects = this.word(
        index,
        isShift ? CpuOpOffset.shiftExpectFault : CpuOpOffset.expectFaultFirst,
      );
      const compares = code === CpuOpCode.COMPARE_EQ || code === CpuOpCode.COMPARE_NE;
      if (!this.#pinOperand(index, CpuOpOffset.first, !compares))
        return (expects & 0xff) === 0 ? -Errno.EFAULT : -Errno.EAGAIN;
      if (
        (compares || code === CpuOpCode.MEMCPY) &&
        !this.#pinOperand(index, CpuOpOffset.second, false)
      )
        return ((expects >>> 8) & 0xff) === 0 ? -Errno.EFAULT : -Errno.EAGAIN;
    }
    return 0;
  }

  #isValid(index: number): boolean {
    const length = this.word(index, CpuOpOffset.len) >>> 0;
    switch (this.word(index, CpuOpOffset.op)) {
      case CpuOpCode.COMPARE_EQ:
      case CpuOpCode.COMPARE_NE:
      case CpuOpCode.MEMCPY:
        return length <= CPU_OP_DATA_LEN_MAX;
      case CpuOpCode.ADD:
      case CpuOpCode.OR:
      case CpuOpCode.AND:
      case CpuOpCode.XOR:
        return isArithmeticLength(length);
      case CpuOpCode.LSHIFT:
      case CpuOpCode.RSHIFT:
        return (
          isArithmeticLength(length) && this.word(index, CpuOpOffset.second) >>> 0 < length * 8
        );
      case CpuOpCode.MB:
        return true;
      default:
        return false;
    }
  }

  #pinOperand(index: number, offset: number, write: boolean): boolean {
    const length = this.word(index, CpuOpOffset.len);
    if (length === 0) return true;
    const address = this.word(index, offset);
    if (this.word(index, offset + 4) !== 0 || !isUserRange(address, length)) return false;
    const last = (address + length - 1) & -PAGE_BYTES;
    for (let page = address & -PAGE_BYTES; page <= last; page += PAGE_BYTES) {
      if (!this.#work.pin(page, write)) return false;
      for (const [kind, times] of PIN_COST) this.#work.charge(kind, times);
    }
    return true;
  }
}

function isArithmeticLength(length: number): boolean {
  return length === 1 || length === 2 || length === 4 || length === 8;
}
