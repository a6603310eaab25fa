import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isRealTime, isSignal } from '../../../src/kernel/signal/signal-number.js';
import { highBit, holds, lowBit, lowestSignal } from '../../../src/kernel/signal/signal-set.js';

const signals = fc.integer({ min: 1, max: 64 });

describe('signal sets', () => {
  it('hold exactly the signals that were put in, and the lowest is the smallest of them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(signals), (members) => {
        const low = members.reduce((bits, signal) => bits | lowBit(signal), 0);
        const high = members.reduce((bits, signal) => bits | highBit(signal), 0);
        for (let signal = 1; signal <= 64; signal++)
          expect(holds(low, high, signal)).toBe(members.includes(signal));
        expect(lowestSignal(low, high)).toBe(members.length === 0 ? 0 : Math.min(...members));
      }),
    );
  });

  it.each([
    [0, false, false],
    [1, true, false],
    [31, true, false],
    [32, true, true],
    [64, true, true],
    [65, false, true],
    [1.5, false, false],
    [-1, false, false],
  ])('number %s is a signal: %s', (number, signal, realTime) => {
    expect(isSignal(number)).toBe(signal);
    expect(isRealTime(number)).toBe(realTime);
  });
});
