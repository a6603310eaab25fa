import type {
  ArithmeticInstruction,
  CompareExchangeInstruction,
  ExchangeAddInstruction,
} from './litmus-instruction.js';
import type { MemoryOperand } from './litmus-operand.js';
import { SCRATCH, type MachineRegister } from './machine-registers.js';
import type { ThreadEmitter } from './thread-emitter.js';

const { value, other } = SCRATCH;

/** Translates locked arithmetic on memory: one fetch-and-operate instruction. */
export function emitLockedArithmetic(
  emitter: ThreadEmitter,
  instruction: ArithmeticInstruction,
  destination: MemoryOperand,
): void {
  const { operation, source, widthBytes } = instruction;
  emitter.fetch(other, source, widthBytes);
  if (operation === 'sub') emitter.builder.li(value, 0).sub(value, value, other);
  else emitter.builder.mov(value, other);
  fetchAndOperate(emitter, operation, value, destination);
  emitter.keepFlags(operation, value, other, widthBytes);
}

/** Translates `lock xadd`. */
export function emitLockedExchangeAdd(
  emitter: ThreadEmitter,
  { source, widthBytes }: ExchangeAddInstruction,
  destination: MemoryOperand,
): void {
  emitter.copy(other, source);
  emitter.builder.mov(value, other);
  fetchAndOperate(emitter, 'add', value, destination);
  emitter.builder.mov(emitter.register(source.register), value);
  emitter.keepFlags('add', value, other, widthBytes);
}

/** Translates `lock cmpxchg`; rax becomes the old word, which it is already where it succeeds. */
export function emitLockedCompareExchange(
  emitter: ThreadEmitter,
  { source, widthBytes }: CompareExchangeInstruction,
  destination: MemoryOperand,
): void {
  const { builder } = emitter;
  const rax = emitter.register('rax');
  const { base, offsetBytes } = emitter.address(destination);
  builder.mov(value, rax);
  builder.cas32(value, base, emitter.register(source.register), offsetBytes);
  emitter.keepFlags('sub', rax, value, widthBytes);
  builder.mov(rax, value);
}

function fetchAndOperate(
  emitter: ThreadEmitter,
  operation: ArithmeticInstruction['operation'],
  register: MachineRegister,
  destination: MemoryOperand,
): void {
  const { builder } = emitter;
  const { base, offsetBytes } = emitter.address(destination);
  if (operation === 'add' || operation === 'sub') builder.xadd32(register, base, offsetBytes);
  else if (operation === 'and') builder.xand32(register, base, offsetBytes);
  else if (operation === 'or') builder.xorr32(register, base, offsetBytes);
  else builder.xxor32(register, base, offsetBytes);
}
