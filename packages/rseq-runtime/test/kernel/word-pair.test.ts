import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordPair } from '../../src/kernel/word-pair.js';

const value = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const low = (x: bigint): number => Number(BigInt.asIntN(32, x));
const high = (x: bigint): number => Number(BigInt.asIntN(32, x >> 32n));

type Binary = 'add' | 'subtract' | 'or' | 'and' | 'xor' | 'multiply';
type Shift = 'shiftLeft' | 'shiftRight' | 'shiftRightArithmetic';

function read(pair: WordPair): bigint {
  return (BigInt(pair.high >>> 0) << 32n) | BigInt(pair.low >>> 0);
}

describe('WordPair', () => {
  it.each<readonly [Binary, (a: bigint, b: bigint) => bigint]>([
    ['add', (a, b) => a + b],
    ['subtract', (a, b) => a - b],
    ['or', (a, b) => a | b],
    ['and', (a, b) => a & b],
    ['xor', (a, b) => a ^ b],
    ['multiply', (a, b) => a * b],
  ])('%s is that of 64-bit integers', (name, reference) => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const pair = new WordPair();
        pair.set(low(a), high(a));
        pair[name](low(b), high(b));
        expect(read(pair)).toBe(BigInt.asUintN(64, reference(a, b)));
      }),
      {
        numRuns: 500,
        examples: [
          [2n ** 64n - 1n, 2n ** 64n - 1n],
          [0xffffffffn, 1n],
        ],
      },
    );
  });

  it.each<readonly [Shift, (a: bigint, bits: bigint) => bigint]>([
    ['shiftLeft', (a, bits) => a << bits],
    ['shiftRight', (a, bits) => a >> bits],
    ['shiftRightArithmetic', (a, bits) => BigInt.asIntN(64, a) >> bits],
  ])('%s is that of 64-bit integers, by 0 to 63 bits', (name, reference) => {
    fc.assert(
      fc.property(value, fc.nat(63), (a, bits) => {
        const pair = new WordPair();
        pair.set(low(a), high(a));
        pair[name](bits);
        expect(read(pair)).toBe(BigInt.asUintN(64, reference(a, BigInt(bits))));
      }),
      {
        numRuns: 500,
        examples: [
          [2n ** 63n, 32],
          [2n ** 63n, 0],
          [2n ** 63n + 5n, 63],
        ],
      },
    );
  });
});
