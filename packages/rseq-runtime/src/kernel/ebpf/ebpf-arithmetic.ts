import { EbpfCode, destinationOf, ebpfClass, opcodeOf, sourceOf } from './ebpf-abi.js';
import type { EbpfFrame } from './ebpf-frame.js';
import type { WordPair } from '../word-pair.js';

/** Carries out an arithmetic instruction; 32-bit ones clear the upper word. */
export function compute(frame: EbpfFrame, word: number, imm: number, value: WordPair): void {
  const opcode = opcodeOf(word);
  const isWide = ebpfClass(opcode) === EbpfCode.ALU64;
  const destination = destinationOf(word);
  const fromRegister = (opcode & EbpfCode.X) !== 0;
  const low = fromRegister ? frame.low[sourceOf(word)]! : imm;
  const high = fromRegister ? frame.high[sourceOf(word)]! : imm >> 31;
  const bits = low & (isWide ? 63 : 31);
  value.set(frame.low[destination]!, isWide ? frame.high[destination]! : 0);
  switch (opcode & 0xf0) {
    case EbpfCode.ADD:
      value.add(low, high);
      break;
    case EbpfCode.SUB:
      value.subtract(low, high);
      break;
    case EbpfCode.MUL:
      value.multiply(low, high);
      break;
    case EbpfCode.OR:
      value.or(low, high);
      break;
    case EbpfCode.AND:
      value.and(low, high);
      break;
    case EbpfCode.XOR:
      value.xor(low, high);
      break;
    case EbpfCode.MOV:
      value.set(low, high);
      break;
    case EbpfCode.LSH:
      value.shiftLeft(bits);
      break;
    case EbpfCode.RSH:
      value.shiftRight(bits);
      break;
    case EbpfCode.ARSH:
      if (!isWide) value.set(value.low, value.low >> 31);
      value.shiftRightArithmetic(bits);
      break;
    default:
      value.set(~value.low, ~value.high);
      value.add(1, 0);
  }
  frame.set(destination, value.low, isWide ? value.high : 0);
}

/** Whether a jump is taken. */
export function holds(frame: EbpfFrame, word: number, imm: number): boolean {
  const opcode = opcodeOf(word);
  const isWide = ebpfClass(opcode) === EbpfCode.JMP;
  const fromRegister = (opcode & EbpfCode.X) !== 0;
  const low = frame.low[destinationOf(word)]!;
  const high = isWide ? frame.high[destinationOf(word)]! : 0;
  const otherLow = fromRegister ? frame.low[sourceOf(word)]! : imm;
  const otherHigh = !isWide ? 0 : fromRegister ? frame.high[sourceOf(word)]! : imm >> 31;
  const unsigned = ordered(high >>> 0, otherHigh >>> 0, low >>> 0, otherLow >>> 0);
  const signed = isWide
    ? ordered(high, otherHigh, low >>> 0, otherLow >>> 0)
    : Math.sign(low - otherLow);
  switch (opcode & 0xf0) {
    case EbpfCode.JA:
      return true;
    case EbpfCode.JEQ:
      return unsigned === 0;
    case EbpfCode.JNE:
      return unsigned !== 0;
    case EbpfCode.JSET:
      return ((low & otherLow) | (high & otherHigh)) !== 0;
    case EbpfCode.JGT:
      return unsigned > 0;
    case EbpfCode.JGE:
      return unsigned >= 0;
    case EbpfCode.JLT:
      return unsigned < 0;
    case EbpfCode.JLE:
      return unsigned <= 0;
    case EbpfCode.JSGT:
      return signed > 0;
    case EbpfCode.JSGE:
      return signed >= 0;
    case EbpfCode.JSLT:
      return signed < 0;
    default:
      return signed <= 0;
  }
}

/** Below 0, 0 or above 0, as the first of two values compares with the second. */
function ordered(high: number, otherHigh: number, low: number, otherLow: number): number {
  return high === otherHigh ? low - otherLow : high - otherHigh;
}
