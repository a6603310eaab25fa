import { FenceKind, MemoryOrder } from '../memory/memory-port.js';
import { OPCODES, type Mnemonic } from './opcodes.js';
import type { OperandFormat } from './operand-format.js';

/** The read-modify-write operations, by the name of the port's method. */
export type AtomicOperation =
  'compareExchange' | 'exchange' | 'fetchAdd' | 'fetchAnd' | 'fetchOr' | 'fetchXor';

/** What an instruction does besides moving on to the next one. */
export type InstructionEffect =
  /** Sets register a to `value`, an expression of b, c and immediate. */
  | { readonly kind: 'compute'; readonly value: string }
  /** Goes to its target when `condition`, an expression of a and b, holds; jmp has none. */
  | { readonly kind: 'branch'; readonly condition?: string }
  /** Loads into register a (64 bits: into a and a + 1). */
  | {
      readonly kind: 'load';
      readonly size: 1 | 2 | 4 | 8;
      readonly signed: boolean;
      readonly order: MemoryOrder;
    }
  /** Stores register a (64 bits: a and a + 1). */
  | { readonly kind: 'store'; readonly size: 1 | 2 | 4 | 8; readonly order: MemoryOrder }
  /**
   * Reads and writes one word at once; the old word goes to register a. `combined` is the new word,
   * an expression of old, a and c.
   */
  | { readonly kind: 'atomic'; readonly operation: AtomicOperation; readonly combined: string }
  | { readonly kind: 'fence'; readonly fence: FenceKind }
  /** Sets register a to what the port says of the CPU. */
  | { readonly kind: 'query'; readonly query: 'clock' | 'cpu' }
  /**
   * Loads the word into register a as soon as it differs from c; until then the thread makes no
   * progress. An acquire load.
   */
  | { readonly kind: 'await' }
  | { readonly kind: 'none' }
  /** Ends the burst. */
  | { readonly kind: 'exit'; readonly exit: 'return' | 'syscall' | 'breakpoint' };

/** One row of the instruction set. */
export interface InstructionDefinition {
  readonly mnemonic: Mnemonic;
  readonly opcode: number;
  readonly format: OperandFormat;
  /**
   * Whether others can tell when it happens: a decision may fall before it. Everything that
   * touches registers only is invisible.
   */
  readonly visible: boolean;
  readonly effect: InstructionEffect;
}

type Row = Pick<InstructionDefinition, 'format' | 'visible' | 'effect'>;

const compute = (format: OperandFormat, value: string): Row => ({
  format,
  visible: false,
  effect: { kind: 'compute', value },
});

const branch = (condition: string): Row => ({
  format: 'abTarget',
  visible: false,
  effect: { kind: 'branch', condition },
});

const load = (
  size: 1 | 2 | 4 | 8,
  signed = false,
  order: MemoryOrder = MemoryOrder.Plain,
): Row => ({
  format: size === 8 ? 'pairMemory' : 'aMemory',
  visible: true,
  effect: { kind: 'load', size, signed, order },
});

const store = (size: 1 | 2 | 4 | 8, order: MemoryOrder = MemoryOrder.Plain): Row => ({
  format: size === 8 ? 'pairMemory' : 'aMemory',
  visible: true,
  effect: { kind: 'store', size, order },
});

const atomic = (
  operation: AtomicOperation,
  combined: string,
  format: OperandFormat = 'aMemory',
): Row => ({ format, visible: true, effect: { kind: 'atomic', operation, combined } });

const fence = (kind: FenceKind): Row => ({
  format: 'none',
  visible: true,
  effect: { kind: 'fence', fence: kind },
});

const query = (what: 'clock' | 'cpu'): Row => ({
  format: 'a',
  visible: true,
  effect: { kind: 'query', query: what },
});

const ROWS: Readonly<Record<Mnemonic, Row>> = {
  ret: { format: 'none', visible: false, effect: { kind: 'exit', exit: 'return' } },
  nop: { format: 'none', visible: false, effect: { kind: 'none' } },
  li: compute('aImmediate', 'immediate'),
  li32: compute('aLiteral', 'immediate'),
  mov: compute('ab', 'b'),

  add: compute('abc', 'b + c | 0'),
  sub: compute('abc', 'b - c | 0'),
  and: compute('abc', 'b & c'),
  or: compute('abc', 'b | c'),
  xor: compute('abc', 'b ^ c'),
  shl: compute('abc', 'b << c'),
  shr: compute('abc', 'b >>> c | 0'),
  sar: compute('abc', 'b >> c'),
  mul: compute('abc', 'Math.imul(b, c)'),
  slt: compute('abc', 'b < c ? 1 : 0'),
  sltu: compute('abc', 'b >>> 0 < c >>> 0 ? 1 : 0'),

  addi: compute('abImmediate', 'b + immediate | 0'),
  andi: compute('abImmediate', 'b & immediate'),
  ori: compute('abImmediate', 'b | immediate'),
  xori: compute('abImmediate', 'b ^ immediate'),
  shli: compute('abShift', 'b << immediate'),
  shri: compute('abShift', 'b >>> immediate | 0'),
  sari: compute('abShift', 'b >> immediate'),
  muli: compute('abImmediate', 'Math.imul(b, immediate)'),
  slti: compute('abImmediate', 'b < immediate ? 1 : 0'),
  sltiu: compute('abImmediate', 'b >>> 0 < immediate >>> 0 ? 1 : 0'),

  beq: branch('a === b'),
  bne: branch('a !== b'),
  blt: branch('a < b'),
  bge: branch('a >= b'),
  bltu: branch('a >>> 0 < b >>> 0'),
  bgeu: branch('a >>> 0 >= b >>> 0'),
  jmp: { format: 'target', visible: false, effect: { kind: 'branch' } },

  ld8u: load(1),
  ld16u: load(2),
  ld8s: load(1, true),
  ld16s: load(2, true),
  ld32: load(4),
  ld64: load(8),
  st8: store(1),
  st16: store(2),
  st32: store(4),
  st64: store(8),

  lda32: load(4, false, MemoryOrder.Acquire),
  stl32: store(4, MemoryOrder.Release),
  cas32: atomic('compareExchange', 'old === a ? c : old', 'aMemoryC'),
  xchg32: atomic('exchange', 'a'),
  xadd32: atomic('fetchAdd', 'old + a | 0'),
  xand32: atomic('fetchAnd', 'old & a'),
  xorr32: atomic('fetchOr', 'old | a'),
  xxor32: atomic('fetchXor', 'old ^ a'),
  fence: fence(FenceKind.Full),
  fencer: fence(FenceKind.Read),
  fencew: fence(FenceKind.Write),

  pause: { format: 'none', visible: true, effect: { kind: 'none' } },
  brk: { format: 'none', visible: true, effect: { kind: 'exit', exit: 'breakpoint' } },
  syscall: { format: 'none', visible: true, effect: { kind: 'exit', exit: 'syscall' } },
  rdclk: query('clock'),
  rdpid: query('cpu'),
  await32: { format: 'aMemoryC', visible: true, effect: { kind: 'await' } },
};

/**
 * Every instruction, in the order of the table: encoder, decoder, assembler, disassembler, verifier,
 * compiler and {@link pendingOperation} derive from it.
 *
 * The effects are written as JavaScript expressions on int32 operands, which is what the compiler
 * emits; the interpreter spells them out once more, and a property test holds the two together.
 */
export const INSTRUCTION_SET: readonly InstructionDefinition[] = (
  Object.keys(OPCODES) as Mnemonic[]
).map((mnemonic) => ({ mnemonic, opcode: OPCODES[mnemonic], ...ROWS[mnemonic] }));

const byOpcode: readonly (InstructionDefinition | undefined)[] = Array.from(
  { length: 64 },
  (_, op) => INSTRUCTION_SET.find((definition) => definition.opcode === op),
);

const byMnemonic = new Map(INSTRUCTION_SET.map((definition) => [definition.mnemonic, definition]));

/** The instruction of a number, 0 to 63; undefined for the unassigned ones. */
export function definitionOfOpcode(opcode: number): InstructionDefinition | undefined {
  return byOpcode[opcode];
}

/** The row of an instruction. */
export function definitionOf(mnemonic: Mnemonic): InstructionDefinition {
  return byMnemonic.get(mnemonic)!;
}

/** Whether a string from outside names an instruction. */
export function isMnemonic(name: string): name is Mnemonic {
  return Object.hasOwn(OPCODES, name);
}
