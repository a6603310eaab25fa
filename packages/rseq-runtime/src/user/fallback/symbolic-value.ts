import type { Mnemonic } from '@rseqlab/sim-machine';
import type { NoFallbackRule } from './no-fallback.js';

/** What was loaded, from where, and after how many of the section's own stores. */
export interface LoadedValue {
  readonly kind: 'loaded';
  readonly address: number;
  readonly size: 1 | 2 | 4;
  readonly signed: boolean;
  /** How many stores of the section came before. */
  readonly after: number;
}

/** A loaded value with one operation on it that cpu_opv can do in place. */
export interface ComputedValue {
  readonly kind: 'computed';
  readonly by: 'ADD' | 'OR' | 'AND' | 'XOR' | 'LSHIFT' | 'RSHIFT';
  readonly operand: number;
  readonly from: LoadedValue;
}

/** A value that no operation of cpu_opv can use. */
export interface OpaqueValue {
  readonly kind: 'opaque';
  readonly rule: NoFallbackRule;
}

/** What a register holds while a section is followed: a number where that does not depend on memory. */
export type SymbolicValue = number | LoadedValue | ComputedValue | OpaqueValue;

/** Address of the word that a value was loaded from; undefined where it is not known from a word. */
export function wordOf(value: SymbolicValue): number | undefined {
  if (typeof value === 'number' || value.kind === 'opaque') return undefined;
  const from = value.kind === 'computed' ? value.from : value;
  return from.size === 4 ? from.address : undefined;
}

/** A value that nothing can be made of. */
export const OPAQUE: OpaqueValue = { kind: 'opaque', rule: 'value' };

const KNOWN: Readonly<Partial<Record<Mnemonic, (b: number, c: number) => number>>> = {
  mov: (b) => b,
  add: (b, c) => (b + c) | 0,
  sub: (b, c) => (b - c) | 0,
  and: (b, c) => b & c,
  or: (b, c) => b | c,
  xor: (b, c) => b ^ c,
  shl: (b, c) => b << c,
  shr: (b, c) => (b >>> c) | 0,
  sar: (b, c) => b >> c,
  mul: (b, c) => Math.imul(b, c),
  slt: (b, c) => (b < c ? 1 : 0),
  sltu: (b, c) => (b >>> 0 < c >>> 0 ? 1 : 0),
};

const IN_PLACE: Readonly<Partial<Record<Mnemonic, ComputedValue['by']>>> = {
  add: 'ADD',
  and: 'AND',
  or: 'OR',
  xor: 'XOR',
  shl: 'LSHIFT',
  shr: 'RSHIFT',
};

const COMMUTES: ReadonlySet<Mnemonic> = new Set(['add', 'and', 'or', 'xor']);

/**
 * What an instruction that only computes makes of its operands.
 *
 * @param mnemonic without the `i` of immediate forms
 */
export function compute(mnemonic: Mnemonic, b: SymbolicValue, c: SymbolicValue): SymbolicValue {
  if (typeof b === 'number' && typeof c === 'number') return KNOWN[mnemonic]!(b, c);
  if (mnemonic === 'mov') return b;
  if (isOpaque(b)) return b;
  if (isOpaque(c)) return c;
  if (typeof c === 'number') return inPlace(mnemonic, b, c);
  return typeof b === 'number' && COMMUTES.has(mnemonic) ? inPlace(mnemonic, c, b) : OPAQUE;
}

/** Whether a value is opaque. */
function isOpaque(value: SymbolicValue): value is OpaqueValue {
  return typeof value === 'object' && value.kind === 'opaque';
}

function inPlace(mnemonic: Mnemonic, value: SymbolicValue, known: number): SymbolicValue {
  if (mnemonic === 'sub') return inPlace('add', value, -known | 0);
  const by = IN_PLACE[mnemonic];
  if (by === undefined || typeof value === 'number' || value.kind === 'opaque') return OPAQUE;
  const operand = by === 'LSHIFT' || by === 'RSHIFT' ? known & 31 : known;
  if (value.kind === 'loaded') return { kind: 'computed', by, operand, from: value };
  if (value.by !== by) return OPAQUE;
  const folded = fold(by, value.operand, operand);
  return folded === undefined ? OPAQUE : { ...value, operand: folded };
}

/** Two operations of one kind as one. */
function fold(by: ComputedValue['by'], first: number, second: number): number | undefined {
  switch (by) {
    case 'ADD':
      return (first + second) | 0;
    case 'OR':
      return first | second;
    case 'AND':
      return first & second;
    case 'XOR':
      return first ^ second;
    default:
      return first + second < 32 ? first + second : undefined;
  }
}
