import type { InstructionDefinition } from './instruction-set.js';
import { OPERAND_FORMATS, type Operand } from './operand-format.js';

/** The operands of one instruction, by field; which of them it takes is its format's business. */
export interface Operands {
  readonly a?: number;
  readonly b?: number;
  readonly c?: number;
  /** Immediate, shift, literal or offset in bytes; of a branch, bytes from the instruction. */
  readonly immediate?: number;
  /** In place of an immediate: where a branch goes, or whose address a literal is. */
  readonly label?: string;
}

/** Bits of the immediate field; the short one leaves room for register c. */
const IMMEDIATE_BITS = 18;
const SHORT_IMMEDIATE_BITS = 14;

const SIGNED = (bits: number): readonly [number, number] => [
  -(2 ** (bits - 1)),
  2 ** (bits - 1) - 1,
];

/** What an operand's number may be, and how the operand is called in messages. */
const RANGES: Readonly<Record<Operand, readonly [name: string, lowest: number, highest: number]>> =
  {
    a: ['a register', 0, 15],
    b: ['a register', 0, 15],
    c: ['a register', 0, 15],
    pair: ['an even register', 0, 14],
    immediate: ['an immediate', ...SIGNED(IMMEDIATE_BITS)],
    shift: ['a shift', 0, 31],
    literal: ['a word', -(2 ** 31), 2 ** 32 - 1],
    memory: ['an offset', ...SIGNED(IMMEDIATE_BITS)],
    shortMemory: ['an offset', ...SIGNED(SHORT_IMMEDIATE_BITS)],
    target: [
      'a distance in bytes, a multiple of 4,',
      -(2 ** (IMMEDIATE_BITS + 1)),
      2 ** (IMMEDIATE_BITS + 1) - 4,
    ],
  };

/**
 * What is wrong with a number as an operand.
 *
 * @returns "expected ..., got ...", or undefined when it fits
 */
export function operandProblem(operand: Operand, value: number): string | undefined {
  const [name, lowest, highest] = RANGES[operand];
  const step = operand === 'target' ? 4 : operand === 'pair' ? 2 : 1;
  if (value >= lowest && value <= highest && value % step === 0) return undefined;
  return `expected ${name} from ${lowest} to ${highest}, got ${value}`;
}

/** What is wrong with the numbers among an instruction's operands; undefined when they fit. */
export function operandsProblem(
  { format }: InstructionDefinition,
  { a = 0, b = 0, c = 0, immediate = 0 }: Operands,
): string | undefined {
  const fields: Readonly<Record<Operand, readonly [Operand, number][]>> = {
    a: [['a', a]],
    b: [['b', b]],
    c: [['c', c]],
    pair: [['pair', a]],
    immediate: [['immediate', immediate]],
    shift: [['shift', immediate]],
    literal: [['literal', immediate]],
    memory: [
      ['b', b],
      ['memory', immediate],
    ],
    shortMemory: [
      ['b', b],
      ['shortMemory', immediate],
    ],
    target: [['target', immediate]],
  };
  for (const operand of OPERAND_FORMATS[format])
    for (const [kind, value] of fields[operand]) {
      const problem = operandProblem(kind, value);
      if (problem !== undefined) return problem;
    }
  return undefined;
}
