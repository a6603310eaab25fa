import type { EbpfRule } from './ebpf-rule.js';
import {
  EBPF_REGISTERS,
  EbpfCode,
  LD_IMM64,
  ebpfClass,
  destinationOf,
  offsetOf,
  opcodeOf,
  sourceOf,
} from './ebpf-abi.js';

/** The rule that the instruction at an index breaks by itself, whatever comes before it. */
export function shapeRule(words: Int32Array, index: number, count: number): EbpfRule | undefined {
  const word = words[index * 2]!;
  const imm = words[index * 2 + 1]!;
  const opcode = opcodeOf(word);
  const kind = ebpfClass(opcode);
  if (!OPCODES.has(opcode)) return 'opcode';
  if (destinationOf(word) >= EBPF_REGISTERS || sourceOf(word) >= EBPF_REGISTERS) return 'register';
  if (opcode === LD_IMM64) {
    const isWhole = index + 1 < count && words[index * 2 + 2] === 0 && sourceOf(word) === 0;
    return isWhole ? undefined : 'wide-immediate';
  }
  if (kind === EbpfCode.JMP || kind === EbpfCode.JMP32) return undefined;
  if (kind !== EbpfCode.ALU && kind !== EbpfCode.ALU64) return undefined;
  const operation = opcode & 0xf0;
  const shifts =
    operation === EbpfCode.LSH || operation === EbpfCode.RSH || operation === EbpfCode.ARSH;
  if (!shifts || (opcode & EbpfCode.X) !== 0) return undefined;
  return imm >>> 0 < (kind === EbpfCode.ALU64 ? 64 : 32) ? undefined : 'shift-width';
}

/** Whether an instruction can go on at another than the next. */
export function isJump(opcode: number): boolean {
  const kind = ebpfClass(opcode);
  if (kind !== EbpfCode.JMP && kind !== EbpfCode.JMP32) return false;
  return opcode !== (EbpfCode.JMP | EbpfCode.CALL) && opcode !== (EbpfCode.JMP | EbpfCode.EXIT);
}

/** The rule that a jump's target breaks. */
export function targetRule(words: Int32Array, index: number, count: number): EbpfRule | undefined {
  const offset = offsetOf(words[index * 2]!);
  const target = index + 1 + offset;
  if (offset < 0) return 'loop';
  if (target >= count) return 'jump-target';
  return isSecondSlot(words, target) ? 'jump-target' : undefined;
}

/** Whether the slot is the second of a 64-bit constant. */
function isSecondSlot(words: Int32Array, index: number): boolean {
  // Of a run of constants every other slot is one: count back to where the run begins.
  let first = index;
  while (first > 0 && opcodeOf(words[first * 2 - 2]!) === LD_IMM64) first--;
  return (index - first) % 2 === 1;
}

const OPCODES: ReadonlySet<number> = new Set(opcodes());

function* opcodes(): Generator<number> {
  const { LDX, ST, STX, ALU, ALU64, JMP, JMP32, W, H, B, DW, MEM, K, X } = EbpfCode;
  const { ADD, SUB, MUL, OR, AND, LSH, RSH, NEG, XOR, MOV, ARSH } = EbpfCode;
  const { JA, JEQ, JGT, JGE, JSET, JNE, JSGT, JSGE, CALL, EXIT, JLT, JLE, JSLT, JSLE } = EbpfCode;
  yield* [LD_IMM64, JMP | JA, JMP | CALL, JMP | EXIT, ALU | NEG, ALU64 | NEG];
  for (const size of [W, H, B, DW]) for (const kind of [LDX, ST, STX]) yield kind | size | MEM;
  for (const source of [K, X]) {
    for (const kind of [ALU, ALU64])
      for (const operation of [ADD, SUB, MUL, OR, AND, LSH, RSH, XOR, MOV, ARSH])
        yield kind | operation | source;
    for (const kind of [JMP, JMP32])
      for (const test of [JEQ, JGT, JGE, JSET, JNE, JSGT, JSGE, JLT, JLE, JSLT, JSLE])
        yield kind | test | source;
  }
}
