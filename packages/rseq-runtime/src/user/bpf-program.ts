import { BpfCode } from '../kernel/bpf/bpf-abi.js';

/** One instruction of a classic program, as `struct sock_filter`. */
export interface BpfInstruction {
  /** {@link BpfCode} values, or'ed. */
  readonly code: number;
  /** Instructions to leave out when the test holds. */
  readonly jt?: number;
  /** Instructions to leave out when it does not. */
  readonly jf?: number;
  /** The constant; default 0. */
  readonly k?: number;
}

/**
 * A classic program as it lies in memory, two words an instruction.
 *
 * | bytes | field   |
 * |-------|---------|
 * | 0     | code u16 |
 * | 2     | jt u8   |
 * | 3     | jf u8   |
 * | 4     | k u32   |
 *
 * @source include/uapi/linux/filter.h (struct sock_filter)
 */
export function encodeBpf(program: readonly BpfInstruction[]): Int32Array {
  return Int32Array.from(
    program.flatMap(({ code, jt = 0, jf = 0, k = 0 }) => [code | (jt << 16) | (jf << 24), k]),
  );
}

const { LD, LDX, ST, ALU, JMP, RET, MISC, ABS, IND, K, X, JEQ, TAX, TXA } = BpfCode;

/** Instructions of classic programs by what they do; `A` and `X` are the two registers. */
export const Bpf = {
  /** A = the word at an address. */
  load: (address: number): BpfInstruction => ({ code: LD | ABS, k: address }),
  /** A = the word at X + offset. */
  loadIndirect: (offset: number): BpfInstruction => ({ code: LD | IND, k: offset }),
  /** A = a constant. */
  constant: (k: number): BpfInstruction => ({ code: LD, k }),
  /** X = a constant. */
  constantX: (k: number): BpfInstruction => ({ code: LDX, k }),
  /** The word at an address = A. */
  store: (address: number): BpfInstruction => ({ code: ST | ABS, k: address }),
  /** The word at X + offset = A. */
  storeIndirect: (offset: number): BpfInstruction => ({ code: ST | IND, k: offset }),
  /** A = A operation constant. */
  compute: (operation: number, k: number): BpfInstruction => ({ code: ALU | operation | K, k }),
  /** A = A operation X. */
  computeX: (operation: number): BpfInstruction => ({ code: ALU | operation | X }),
  /** Leaves out `jt` or `jf` instructions: whether A equals a constant. */
  ifEqual: (k: number, jt: number, jf: number): BpfInstruction => ({
    code: JMP | JEQ | K,
    jt,
    jf,
    k,
  }),
  /** X = A. */
  toX: { code: MISC | TAX } as BpfInstruction,
  /** A = X. */
  toA: { code: MISC | TXA } as BpfInstruction,
  /** Ends with a constant. */
  end: (k: number): BpfInstruction => ({ code: RET | K, k }),
} as const;
