import type { ArithmeticOperation, JumpCondition } from '../../src/litmus/litmus-instruction.js';
import type { OperandWidth } from '../../src/litmus/x86-register.js';
import type { Flags } from './oracle-state.js';

/** The significant bits of an access: words are 32 bits wide here, so 64-bit ones are as well. */
export function bitsOf(widthBytes: OperandWidth): number {
  return Math.min(widthBytes, 4) * 8;
}

/** The low bits of a word, sign-extended. */
export function narrow(word: number, bits: number): number {
  return (word << (32 - bits)) >> (32 - bits);
}

/** A word with its low bits replaced. */
export function merge(word: number, low: number, bits: number): number {
  if (bits === 32) return low | 0;
  const mask = (1 << bits) - 1;
  return (word & ~mask) | (low & mask);
}

/** Result and flags of `left operation right` on so many bits, as the processor computes them. */
export function compute(
  operation: ArithmeticOperation,
  leftWord: number,
  rightWord: number,
  bits: number,
): { result: number; flags: Flags } {
  const [left, right] = [narrow(leftWord, bits), narrow(rightWord, bits)];
  const modulus = 2 ** bits;
  const unsigned = (value: number): number => ((value % modulus) + modulus) % modulus;
  const exact = { add: left + right, sub: left - right, and: left & right, or: left | right };
  const full = operation === 'xor' ? left ^ right : exact[operation];
  const result = narrow(full, bits);
  const carries = {
    add: unsigned(left) + unsigned(right) >= modulus,
    sub: unsigned(left) < unsigned(right),
  };
  const carry = operation === 'add' || operation === 'sub' ? carries[operation] : false;
  const flags = { zero: result === 0, sign: result < 0, carry, overflow: full !== result };
  return { result, flags };
}

const TAKEN: Readonly<Record<JumpCondition, (flags: Flags) => boolean>> = {
  equal: ({ zero }) => zero,
  'not-equal': ({ zero }) => !zero,
  less: ({ sign, overflow }) => sign !== overflow,
  'less-equal': ({ zero, sign, overflow }) => zero || sign !== overflow,
  greater: ({ zero, sign, overflow }) => !zero && sign === overflow,
  'greater-equal': ({ sign, overflow }) => sign === overflow,
  below: ({ carry }) => carry,
  'below-equal': ({ zero, carry }) => zero || carry,
  above: ({ zero, carry }) => !zero && !carry,
  'above-equal': ({ carry }) => !carry,
  sign: ({ sign }) => sign,
  'not-sign': ({ sign }) => !sign,
};

/** Whether a conditional jump is taken. */
export function isTaken(condition: JumpCondition, flags: Flags): boolean {
  return TAKEN[condition](flags);
}
