import {
  emitLockedArithmetic,
  emitLockedCompareExchange,
  emitLockedExchangeAdd,
} from './emit-atomic.js';
import { emitJump } from './emit-jump.js';
import type {
  ArithmeticInstruction,
  CompareExchangeInstruction,
  CompareInstruction,
  ExchangeAddInstruction,
  ExchangeInstruction,
  FenceInstruction,
  LitmusInstruction,
  LoadAddressInstruction,
  MoveInstruction,
} from './litmus-instruction.js';
import { SCRATCH } from './machine-registers.js';
import type { ThreadEmitter } from './thread-emitter.js';

const { value, other } = SCRATCH;

/**
 * Translates one instruction.
 *
 * Every access of the instruction is one access of the machine: a load and then a store for
 * arithmetic on memory, one atomic instruction where it is locked.
 */
export function emitInstruction(emitter: ThreadEmitter, instruction: LitmusInstruction): void {
  switch (instruction.kind) {
    case 'move':
      emitMove(emitter, instruction);
      break;
    case 'load-address':
      emitLoadAddress(emitter, instruction);
      break;
    case 'arithmetic':
      emitArithmetic(emitter, instruction);
      break;
    case 'compare':
      emitCompare(emitter, instruction);
      break;
    case 'exchange':
      emitExchange(emitter, instruction);
      break;
    case 'exchange-add':
      emitExchangeAdd(emitter, instruction);
      break;
    case 'compare-exchange':
      emitCompareExchange(emitter, instruction);
      break;
    case 'fence':
      emitFence(emitter, instruction);
      break;
    case 'jump':
      emitJump(emitter.builder, instruction);
      break;
    case 'idle':
      emitter.builder.nop();
  }
}

function emitMove(
  emitter: ThreadEmitter,
  { source, destination, widthBytes }: MoveInstruction,
): void {
  if (destination.kind === 'memory') {
    emitter.fetch(value, source, widthBytes);
    emitter.store(value, emitter.address(destination), widthBytes);
    return;
  }
  const into = emitter.register(destination.register);
  const direct = widthBytes >= 4 ? into : value;
  emitter.fetch(direct, source, widthBytes);
  emitter.merge(into, direct, widthBytes);
}

function emitLoadAddress(
  emitter: ThreadEmitter,
  { source, destination, widthBytes }: LoadAddressInstruction,
): void {
  const { base, offsetBytes } = emitter.address(source);
  emitter.builder.addi(value, base, offsetBytes);
  emitter.merge(emitter.register(destination.register), value, widthBytes);
}

function emitArithmetic(emitter: ThreadEmitter, instruction: ArithmeticInstruction): void {
  const { operation, source, destination, widthBytes, locked } = instruction;
  if (locked && destination.kind === 'memory') {
    emitLockedArithmetic(emitter, instruction, destination);
    return;
  }
  emitter.fetch(other, source, widthBytes);
  if (destination.kind === 'register') {
    const into = emitter.register(destination.register);
    emitter.keepFlags(operation, into, other, widthBytes);
    emitter.compute(operation, value, into, other);
    emitter.merge(into, value, widthBytes);
    return;
  }
  const place = emitter.address(destination);
  emitter.load(value, place, widthBytes);
  emitter.keepFlags(operation, value, other, widthBytes);
  emitter.compute(operation, value, value, other);
  emitter.store(value, place, widthBytes);
}

function emitCompare(
  emitter: ThreadEmitter,
  { operation, source, destination, widthBytes }: CompareInstruction,
): void {
  emitter.fetch(value, destination, widthBytes);
  emitter.fetch(other, source, widthBytes);
  emitter.keepFlags(operation, value, other, widthBytes);
}

function emitExchange(
  emitter: ThreadEmitter,
  { source, destination, widthBytes }: ExchangeInstruction,
): void {
  const given = emitter.register(source.register);
  emitter.builder.mov(value, given);
  if (destination.kind === 'memory') {
    const { base, offsetBytes } = emitter.address(destination);
    emitter.builder.xchg32(value, base, offsetBytes);
    emitter.merge(given, value, widthBytes);
    return;
  }
  const taken = emitter.register(destination.register);
  emitter.merge(given, taken, widthBytes);
  emitter.merge(taken, value, widthBytes);
}

function emitExchangeAdd(emitter: ThreadEmitter, instruction: ExchangeAddInstruction): void {
  const { source, destination, widthBytes, locked } = instruction;
  if (locked && destination.kind === 'memory') {
    emitLockedExchangeAdd(emitter, instruction, destination);
    return;
  }
  const given = emitter.register(source.register);
  const place = destination.kind === 'memory' ? emitter.address(destination) : undefined;
  if (place) emitter.load(value, place, widthBytes);
  else emitter.fetch(value, destination, widthBytes);
  emitter.keepFlags('add', value, given, widthBytes);
  emitter.compute('add', other, value, given);
  if (place) emitter.store(other, place, widthBytes);
  emitter.merge(given, value, widthBytes);
  if (destination.kind === 'register')
    emitter.merge(emitter.register(destination.register), other, widthBytes);
}

function emitCompareExchange(
  emitter: ThreadEmitter,
  instruction: CompareExchangeInstruction,
): void {
  const { source, destination, widthBytes, locked } = instruction;
  if (locked && destination.kind === 'memory') {
    emitLockedCompareExchange(emitter, instruction, destination);
    return;
  }
  const { builder } = emitter;
  const rax = emitter.register('rax');
  const [differs, done] = [emitter.newLabel(), emitter.newLabel()];
  const shift = Math.max(0, 32 - widthBytes * 8);
  emitter.fetch(value, destination, widthBytes);
  emitter.keepFlags('sub', rax, value, widthBytes);
  builder.shli(SCRATCH.masked, rax, shift).shli(other, value, shift);
  builder.bne(SCRATCH.masked, other, differs);
  const given = emitter.register(source.register);
  if (destination.kind === 'memory') emitter.store(given, emitter.address(destination), widthBytes);
  else emitter.merge(emitter.register(destination.register), given, widthBytes);
  builder.jmp(done).label(differs);
  emitter.merge(rax, value, widthBytes);
  builder.label(done);
}

function emitFence({ builder }: ThreadEmitter, { fence }: FenceInstruction): void {
  if (fence === 'mfence') builder.fence();
  else if (fence === 'lfence') builder.fencer();
  else builder.fencew();
}
