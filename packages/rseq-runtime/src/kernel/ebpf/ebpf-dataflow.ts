import { ValueKind, isNumber } from './abstract-state.js';
import type { AbstractState } from './abstract-state.js';
import {
  EBPF_STACK_BYTES,
  EbpfCode,
  EbpfHelper,
  FRAME_POINTER,
  LD_IMM64,
  destinationOf,
  ebpfBytes,
  ebpfClass,
  offsetOf,
  opcodeOf,
  sourceOf,
} from './ebpf-abi.js';
import type { EbpfRule } from './ebpf-rule.js';

/** Changes the state as the instruction does; returns the rule that it breaks there. */
export function stepRule(
  words: Int32Array,
  index: number,
  state: AbstractState,
): EbpfRule | undefined {
  const word = words[index * 2]!;
  const imm = words[index * 2 + 1]!;
  const opcode = opcodeOf(word);
  if (opcode === LD_IMM64) {
    const isSmall = imm >= 0 && words[index * 2 + 3] === 0;
    return write(state, destinationOf(word), isSmall ? ValueKind.Constant : ValueKind.Scalar, imm);
  }
  switch (ebpfClass(opcode)) {
    case EbpfCode.LDX:
      return loadRule(state, word);
    case EbpfCode.ST:
    case EbpfCode.STX:
      return storeRule(state, word);
    case EbpfCode.ALU:
    case EbpfCode.ALU64:
      return computeRule(state, word, imm);
    default:
      return jumpRule(state, word, imm);
  }
}

function write(
  state: AbstractState,
  register: number,
  kind: ValueKind,
  value = 0,
): EbpfRule | undefined {
  if (register === FRAME_POINTER) return 'frame-pointer';
  state.set(register, kind, kind === ValueKind.Scalar ? 0 : value);
  return undefined;
}

function isUnknown(state: AbstractState, register: number): boolean {
  return state.kinds[register] === ValueKind.Unknown;
}

/** The rule that an access of the stack breaks. */
function stackRule(
  state: AbstractState,
  register: number,
  offset: number,
  bytes: number,
): EbpfRule | undefined {
  if (isUnknown(state, register)) return 'uninitialized-register';
  if (state.kinds[register] !== ValueKind.Stack) return 'pointer-access';
  const first = state.values[register]! + offset;
  if (first < 0 || first + bytes > EBPF_STACK_BYTES) return 'stack-bounds';
  return undefined;
}

function isWritten(state: AbstractState, first: number, bytes: number): boolean {
  for (let byte = first; byte < first + bytes; byte++) if (state.written[byte] === 0) return false;
  return true;
}

function loadRule(state: AbstractState, word: number): EbpfRule | undefined {
  const bytes = ebpfBytes(opcodeOf(word));
  const broken = stackRule(state, sourceOf(word), offsetOf(word), bytes);
  if (broken !== undefined) return broken;
  const first = state.values[sourceOf(word)]! + offsetOf(word);
  if (first % bytes !== 0) return 'stack-alignment';
  if (!isWritten(state, first, bytes)) return 'uninitialized-stack';
  return write(state, destinationOf(word), ValueKind.Scalar);
}

function storeRule(state: AbstractState, word: number): EbpfRule | undefined {
  const opcode = opcodeOf(word);
  const bytes = ebpfBytes(opcode);
  if (ebpfClass(opcode) === EbpfCode.STX) {
    if (isUnknown(state, sourceOf(word))) return 'uninitialized-register';
    if (!isNumber(state.kinds[sourceOf(word)]!)) return 'pointer-leak';
  }
  const broken = stackRule(state, destinationOf(word), offsetOf(word), bytes);
  if (broken !== undefined) return broken;
  const first = state.values[destinationOf(word)]! + offsetOf(word);
  if (first % bytes !== 0) return 'stack-alignment';
  state.written.fill(1, first, first + bytes);
  return undefined;
}

function computeRule(state: AbstractState, word: number, imm: number): EbpfRule | undefined {
  const opcode = opcodeOf(word);
  const operation = opcode & 0xf0;
  const destination = destinationOf(word);
  const source = sourceOf(word);
  const isWide = ebpfClass(opcode) === EbpfCode.ALU64;
  const fromRegister = (opcode & EbpfCode.X) !== 0 && operation !== EbpfCode.NEG;
  if (fromRegister && isUnknown(state, source)) return 'uninitialized-register';
  if (operation === EbpfCode.MOV) {
    if (!fromRegister)
      return write(state, destination, imm >= 0 ? ValueKind.Constant : ValueKind.Scalar, imm);
    const kind = state.kinds[source] as ValueKind;
    if (kind === ValueKind.Stack && !isWide) return 'pointer-arithmetic';
    return write(state, destination, kind, state.values[source]);
  }
  if (isUnknown(state, destination)) return 'uninitialized-register';
  const isPointer = state.kinds[destination] === ValueKind.Stack;
  if (destination === FRAME_POINTER) return 'frame-pointer';
  if (fromRegister && !isNumber(state.kinds[source]!)) return 'pointer-arithmetic';
  if (!isPointer) return write(state, destination, ValueKind.Scalar);
  const isKnown = !fromRegister || state.kinds[source] === ValueKind.Constant;
  const adds = operation === EbpfCode.ADD || operation === EbpfCode.SUB;
  if (!isWide || !isKnown || !adds) return 'pointer-arithmetic';
  const amount = fromRegister ? state.values[source]! : imm;
  const sign = operation === EbpfCode.ADD ? 1 : -1;
  const moved = state.values[destination]! + sign * amount;
  // An address is checked where it is used; far off, it would not fit the verifier's words.
  if (Math.abs(moved) > 2 ** 20) return 'stack-bounds';
  return write(state, destination, ValueKind.Stack, moved);
}

function jumpRule(state: AbstractState, word: number, imm: number): EbpfRule | undefined {
  const opcode = opcodeOf(word);
  if (opcode === (EbpfCode.JMP | EbpfCode.JA)) return undefined;
  if (opcode === (EbpfCode.JMP | EbpfCode.EXIT)) {
    if (isUnknown(state, 0)) return 'uninitialized-register';
    return isNumber(state.kinds[0]!) ? undefined : 'pointer-leak';
  }
  if (opcode === (EbpfCode.JMP | EbpfCode.CALL)) return callRule(state, imm);
  const compared = (opcode & EbpfCode.X) === 0 ? [] : [sourceOf(word)];
  for (const register of [destinationOf(word), ...compared]) {
    if (isUnknown(state, register)) return 'uninitialized-register';
    if (!isNumber(state.kinds[register]!)) return 'pointer-arithmetic';
  }
  return undefined;
}

function callRule(state: AbstractState, helper: number): EbpfRule | undefined {
  let broken: EbpfRule | undefined;
  switch (helper) {
    case EbpfHelper.getSmpProcessorId:
    case EbpfHelper.fullFence:
      break;
    case EbpfHelper.probeReadUser:
      broken = blockRule(state, 1, 2, 3);
      if (broken === undefined)
        state.written.fill(1, state.values[1], state.values[1]! + state.values[2]!);
      break;
    case EbpfHelper.probeWriteUser:
      broken = blockRule(state, 2, 3, 1);
      if (broken === undefined && !isWritten(state, state.values[2]!, state.values[3]!))
        broken = 'uninitialized-stack';
      break;
    default:
      return 'helper';
  }
  if (broken !== undefined) return broken;
  for (let register = 1; register <= 5; register++) state.set(register, ValueKind.Unknown);
  state.set(0, ValueKind.Scalar);
  return undefined;
}

/** The rule that a block of the stack, its length and a user address break as arguments. */
function blockRule(
  state: AbstractState,
  block: number,
  length: number,
  address: number,
): EbpfRule | undefined {
  for (const register of [block, length, address])
    if (isUnknown(state, register)) return 'uninitialized-register';
  if (state.kinds[address] === ValueKind.Stack) return 'pointer-leak';
  if (state.kinds[length] !== ValueKind.Constant || state.values[length]! < 1)
    return 'helper-argument';
  if (state.kinds[block] !== ValueKind.Stack) return 'helper-argument';
  return stackRule(state, block, 0, state.values[length]!);
}
