import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parentOf, reverseBits } from '../../src/structures/split-order.js';

describe('split order', () => {
  it('reverses bits', () => {
    expect(reverseBits(1)).toBe(0x80000000);
    expect(reverseBits(0x0000ffff)).toBe(0xffff0000);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (word) => {
        const text = word.toString(2).padStart(32, '0');
        expect(reverseBits(word)).toBe(parseInt(text.split('').reverse().join(''), 2));
      }),
    );
  });

  it('has each bucket behind its parent and before all entries of its own', () => {
    for (let bucket = 1; bucket < 64; bucket++) {
      expect(parentOf(bucket)).toBeLessThan(bucket);
      expect(reverseBits(parentOf(bucket))).toBeLessThan(reverseBits(bucket));
      expect(reverseBits(bucket)).toBeLessThan(reverseBits(bucket | 0x40000000));
    }
    expect([1, 2, 3, 5, 6, 12].map(parentOf)).toEqual([0, 0, 1, 1, 2, 4]);
  });
});
