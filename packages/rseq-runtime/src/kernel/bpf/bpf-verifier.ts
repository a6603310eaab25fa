import { BPF_MEMWORDS, BpfCode, bpfClass } from './bpf-abi.js';
import { BPF_MAXINSNS } from './program-copy.js';

/** What can be wrong with a classic program. */
export type BpfRule =
  | 'length'
  | 'opcode'
  | 'jump-target'
  | 'division-by-zero'
  | 'shift-width'
  | 'scratch-index'
  | 'scratch-uninitialized'
  | 'no-return';

/** The first thing that a verifier found wrong. */
export interface ProgramViolation<Rule extends string> {
  readonly rule: Rule;
  /** Index of the instruction. */
  readonly instruction: number;
}

const LAST_SHIFT = 31;
const ALL = (1 << BPF_MEMWORDS) - 1;

/**
 * Checks a classic program; undefined when the kernel may run it.
 *
 * | rule                  | a program is refused when                                        |
 * |-----------------------|------------------------------------------------------------------|
 * | length                | it has no instruction, or more than 4096                         |
 * | opcode                | an instruction is not of the set                                 |
 * | jump-target           | a jump leaves the program; there are none backward               |
 * | division-by-zero      | a constant divisor is 0                                          |
 * | shift-width           | a constant shift is over 31                                      |
 * | scratch-index         | it uses scratch memory beyond word 15                            |
 * | scratch-uninitialized | on some path it reads a word of scratch that was not written     |
 * | no-return             | its last instruction is not a return                             |
 *
 * @param words two an instruction: code, jt and jf in the first, k in the second
 * @source net/core/filter.c (bpf_check_classic, check_load_and_stores)
 */
export function verifyBpf(words: Int32Array, count: number): ProgramViolation<BpfRule> | undefined {
  if (count < 1 || count > BPF_MAXINSNS) return { rule: 'length', instruction: 0 };
  for (let index = 0; index < count; index++) {
    const rule = ruleAgainst(words, index, count);
    if (rule !== undefined) return { rule, instruction: index };
  }
  if (bpfClass(words[(count - 1) * 2]!) !== BpfCode.RET)
    return { rule: 'no-return', instruction: count - 1 };
  const uninitialized = firstUninitialized(words, count);
  return uninitialized < 0
    ? undefined
    : { rule: 'scratch-uninitialized', instruction: uninitialized };
}

/** The rule that an instruction breaks by itself. */
function ruleAgainst(words: Int32Array, index: number, count: number): BpfRule | undefined {
  const word = words[index * 2]!;
  const k = words[index * 2 + 1]!;
  const code = word & 0xffff;
  if (!OPCODES.has(code)) return 'opcode';
  if (usesScratch(code) && k >>> 0 >= BPF_MEMWORDS) return 'scratch-index';
  if (bpfClass(code) === BpfCode.JMP) {
    const left = count - index - 2;
    const isRight =
      (code & 0xf0) === BpfCode.JA
        ? k >>> 0 <= left
        : ((word >>> 16) & 0xff) <= left && word >>> 24 <= left;
    return isRight ? undefined : 'jump-target';
  }
  if (bpfClass(code) !== BpfCode.ALU || (code & BpfCode.X) !== 0) return undefined;
  const operation = code & 0xf0;
  if ((operation === BpfCode.DIV || operation === BpfCode.MOD) && k === 0)
    return 'division-by-zero';
  const shifts = operation === BpfCode.LSH || operation === BpfCode.RSH;
  return shifts && k >>> 0 > LAST_SHIFT ? 'shift-width' : undefined;
}

/** The first read of scratch that some path reaches without a write; -1 when there is none. */
function firstUninitialized(words: Int32Array, count: number): number {
  const written = new Int32Array(count).fill(ALL);
  written[0] = 0;
  const flow = (to: number, valid: number): void => {
    if (to < count) written[to]! &= valid;
  };
  for (let index = 0; index < count; index++) {
    const word = words[index * 2]!;
    const k = words[index * 2 + 1]!;
    const code = word & 0xffff;
    const valid = written[index]!;
    if (bpfClass(code) === BpfCode.RET) continue;
    if (bpfClass(code) === BpfCode.JMP) {
      if ((code & 0xf0) === BpfCode.JA) flow(index + 1 + k, valid);
      else {
        flow(index + 1 + ((word >>> 16) & 0xff), valid);
        flow(index + 1 + (word >>> 24), valid);
      }
      continue;
    }
    const isScratch = usesScratch(code);
    const isStore = bpfClass(code) === BpfCode.ST || bpfClass(code) === BpfCode.STX;
    if (isScratch && !isStore && ((valid >>> k) & 1) === 0) return index;
    flow(index + 1, isScratch && isStore ? valid | (1 << k) : valid);
  }
  return -1;
}

function usesScratch(code: number): boolean {
  const { LD, LDX, ST, STX, MEM } = BpfCode;
  return code === (LD | MEM) || code === (LDX | MEM) || code === ST || code === STX;
}

const OPCODES: ReadonlySet<number> = new Set(opcodes());

function* opcodes(): Generator<number> {
  const { LD, LDX, ST, STX, ALU, JMP, RET, MISC, W, H, B, IMM, ABS, IND, MEM, K, X, A } = BpfCode;
  const { ADD, SUB, MUL, DIV, OR, AND, LSH, RSH, NEG, MOD, XOR } = BpfCode;
  const { JA, JEQ, JGT, JGE, JSET, TAX, TXA } = BpfCode;
  yield* [LD | IMM, LD | MEM, LDX | IMM, LDX | MEM, ST, STX];
  for (const size of [W, H, B])
    for (const mode of [ABS, IND]) yield* [LD | size | mode, ST | size | mode];
  for (const source of [K, X]) {
    for (const operation of [ADD, SUB, MUL, DIV, OR, AND, LSH, RSH, MOD, XOR])
      yield ALU | operation | source;
    for (const test of [JEQ, JGT, JGE, JSET]) yield JMP | test | source;
  }
  yield* [ALU | NEG, JMP | JA, RET | K, RET | A, MISC | TAX, MISC | TXA];
}
