import { CPU_OP_BYTES, CpuOpCode } from '../kernel/cpu-opv/cpu-op-abi.js';
import { RuntimeError } from '../runtime-error.js';

/** A constant that stands where cpu_opv wants an address: it lies behind the vector. */
export interface CpuOpLiteral {
  /** The lower word. */
  readonly low: number;
  /** The upper word of 8 bytes; default 0. */
  readonly high?: number;
}

/** An address in user memory, or a constant of at most 8 bytes. */
export type CpuOperand = number | CpuOpLiteral;

/** An operation of a vector, in the words of `struct cpu_op`; lengths in bytes. */
export type CpuOp =
  | {
      readonly op: 'COMPARE_EQ' | 'COMPARE_NE';
      readonly len: number;
      readonly a: CpuOperand;
      readonly b: CpuOperand;
      readonly expectFaultA?: boolean;
      readonly expectFaultB?: boolean;
    }
  | {
      readonly op: 'MEMCPY';
      readonly len: number;
      readonly dst: number;
      readonly src: CpuOperand;
      readonly expectFaultDst?: boolean;
      readonly expectFaultSrc?: boolean;
    }
  | {
      readonly op: 'ADD';
      readonly len: number;
      readonly p: number;
      readonly count: number | CpuOpLiteral;
      readonly expectFaultP?: boolean;
    }
  | {
      readonly op: 'OR' | 'AND' | 'XOR';
      readonly len: number;
      readonly p: number;
      readonly mask: number | CpuOpLiteral;
      readonly expectFaultP?: boolean;
    }
  | {
      readonly op: 'LSHIFT' | 'RSHIFT';
      readonly len: number;
      readonly p: number;
      readonly bits: number;
      readonly expectFaultP?: boolean;
    }
  | { readonly op: 'MB' };

const WORDS = CPU_OP_BYTES / 4;
const LITERAL_BYTES = 8;

/**
 * A vector of operations for cpu_opv, as a program builds it.
 *
 * The kernel's limits are not checked here: the system call says -EINVAL, as it does to a C program.
 *
 * @example
 * ```ts
 * // if (*head == 0) *head = node, with a full fence before the store
 * const push = new CpuOpVector([
 *   { op: 'COMPARE_EQ', len: 4, a: head, b: { low: 0 } },
 *   { op: 'MB' },
 *   { op: 'MEMCPY', len: 4, dst: head, src: { low: node } },
 * ]);
 * ```
 */
export class CpuOpVector {
  /** The operations, in the order in which they are carried out. */
  readonly ops: readonly CpuOp[];
  readonly #literals: number;

  /** @throws RuntimeError `ERR_CPU_OP` for a constant of an operation on more than 8 bytes */
  constructor(ops: readonly CpuOp[]) {
    this.ops = ops;
    this.#literals = ops.reduce((sum, op) => sum + pointersOf(op).filter(isLiteral).length, 0);
    for (const op of ops)
      if (pointersOf(op).some(isLiteral) && lengthOf(op) > LITERAL_BYTES)
        throw new RuntimeError(
          'ERR_CPU_OP',
          `expected the address of ${lengthOf(op)} bytes for ${op.op}, got a constant: it has at most 8`,
        );
  }

  /** How many operations there are. */
  get count(): number {
    return this.ops.length;
  }

  /** Bytes of the operations and of the constants behind them. */
  get byteLength(): number {
    return this.count * CPU_OP_BYTES + this.#literals * LITERAL_BYTES;
  }

  /**
   * The vector as it lies in memory, followed by its constants.
   *
   * @param base the address where it will lie, aligned to 8
   */
  wordsAt(base: number): Int32Array {
    const words = new Int32Array(this.byteLength / 4);
    let next = this.count * WORDS;
    this.ops.forEach((op, index) => {
      const at = index * WORDS;
      words[at] = CpuOpCode[op.op];
      words[at + 1] = lengthOf(op);
      pointersOf(op).forEach((operand, which) => {
        words[at + 2 + which * 2] = isLiteral(operand) ? base + next * 4 : operand;
        if (!isLiteral(operand)) return;
        words[next] = operand.low;
        words[next + 1] = operand.high ?? 0;
        next += LITERAL_BYTES / 4;
      });
      encodeRest(op, words, at);
    });
    return words;
  }
}

function isLiteral(operand: CpuOperand): operand is CpuOpLiteral {
  return typeof operand !== 'number';
}

function lengthOf(op: CpuOp): number {
  return op.op === 'MB' ? 0 : op.len;
}

function pointersOf(op: CpuOp): readonly CpuOperand[] {
  switch (op.op) {
    case 'COMPARE_EQ':
    case 'COMPARE_NE':
      return [op.a, op.b];
    case 'MEMCPY':
      return [op.dst, op.src];
    case 'MB':
      return [];
    default:
      return [op.p];
  }
}

/** Fills in what is no pointer: immediate operands, and where faults are expected. */
function encodeRest(op: CpuOp, words: Int32Array, at: number): void {
  const flag = (isExpected: boolean | undefined, shift = 0): number =>
    isExpected === true ? 1 << shift : 0;
  switch (op.op) {
    case 'COMPARE_EQ':
    case 'COMPARE_NE':
      words[at + 6] = flag(op.expectFaultA) | flag(op.expectFaultB, 8);
      return;
    case 'MEMCPY':
      words[at + 6] = flag(op.expectFaultDst) | flag(op.expectFaultSrc, 8);
      return;
    case 'MB':
      return;
    case 'LSHIFT':
    case 'RSHIFT':
      words[at + 4] = op.bits;
      words[at + 5] = flag(op.expectFaultP);
      return;
    default: {
      const value = op.op === 'ADD' ? op.count : op.mask;
      words[at + 4] = typeof value === 'number' ? value : value.low;
      // A plain number is an s64 for ADD and a u64 mask of 32 bits for the others.
      words[at + 5] =
        typeof value === 'number' ? (op.op === 'ADD' ? value >> 31 : 0) : (value.high ?? 0);
      words[at + 6] = flag(op.expectFaultP);
    }
  }
}
