import { describe, expect, it } from 'vitest';
import { createStepClock } from '../../src/cpu/step-clock.js';

describe('the clock of a step', () => {
  it('charges what was executed, once, whenever it is brought up to date', () => {
    const cycles = new Float64Array(2);
    const budget = new Int32Array(1);
    const clock = createStepClock(cycles, budget, 1.5);
    clock.begin(1, 100);
    budget[0] = 90;
    clock.advance();
    clock.advance();
    expect(cycles[1]).toBe(15);
    budget[0] = -2;
    clock.advance();
    expect([...cycles]).toEqual([0, 153]);
  });
});
