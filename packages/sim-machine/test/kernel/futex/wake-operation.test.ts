import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeWakeOperation,
  encodeWakeOperation,
} from '../../../src/kernel/futex/wake-operation.js';

const word = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const argument = fc.integer({ min: -2048, max: 2047 });

const OPERATORS = {
  set: (_old: number, value: number) => value,
  add: (old: number, value: number) => (old + value) | 0,
  or: (old: number, value: number) => old | value,
  andn: (old: number, value: number) => old & ~value,
  xor: (old: number, value: number) => old ^ value,
};

const COMPARISONS = {
  eq: (old: number, value: number) => old === value,
  ne: (old: number, value: number) => old !== value,
  lt: (old: number, value: number) => old < value,
  le: (old: number, value: number) => old <= value,
  gt: (old: number, value: number) => old > value,
  ge: (old: number, value: number) => old >= value,
};

const operator = fc.constantFrom(...(Object.keys(OPERATORS) as (keyof typeof OPERATORS)[]));
const comparison = fc.constantFrom(...(Object.keys(COMPARISONS) as (keyof typeof COMPARISONS)[]));

describe('an encoded wake operation', () => {
  it('does and compares what it was made of', () => {
    fc.assert(
      fc.property(
        operator,
        argument,
        comparison,
        argument,
        word,
        (does, given, when, with_, old) => {
          const decoded = decodeWakeOperation(encodeWakeOperation(does, given, when, with_));
          expect(decoded?.apply(old)).toBe(OPERATORS[does](old, given));
          expect(decoded?.holds(old)).toBe(COMPARISONS[when](old, with_));
        },
      ),
    );
  });

  it('shifts by its argument, modulo 32, when the top bit is set', () => {
    const shifted = (by: number) =>
      decodeWakeOperation(encodeWakeOperation('or', by, 'eq', 0) | 0x80000000)?.apply(0);
    expect(shifted(4)).toBe(16);
    expect(shifted(35)).toBe(8);
  });

  it('is none when the operator or the comparison does not exist', () => {
    expect(decodeWakeOperation(5 << 28)).toBeUndefined();
    expect(decodeWakeOperation(6 << 24)).toBeUndefined();
  });
});
