import { describe, expect, it } from 'vitest';
import { unitsProgress } from '../../src/units/units-progress.js';

const nothing = { executions: 0, classes: 0, kernelEvents: 0 };

describe('the progress of units', () => {
  it('tells units, executions, classes, rate, and what is left', () => {
    const text = unitsProgress('checking a.ts', {
      done: 5,
      known: 20,
      share: 0.25,
      startShare: 0,
      elapsedMs: 10_000,
      counts: { executions: 50_000, classes: 1234, kernelEvents: 3 },
    });
    expect(text).toBe(
      'checking a.ts: 5 of 20 units, 50,000 executions, 1,234 classes, 5,000 executions/s, about 30s left',
    );
  });

  it('estimates what is left from what this run did, not the one before', () => {
    const soFar = { done: 8, known: 10, share: 0.8, elapsedMs: 60_000, counts: nothing };
    expect(unitsProgress('sums', { ...soFar, startShare: 0.7 })).toBe(
      'sums: 8 of 10 units, about 2m left',
    );
  });

  it('estimates nothing from nothing', () => {
    const soFar = { done: 0, known: 10, share: 0, startShare: 0, elapsedMs: 5, counts: nothing };
    expect(unitsProgress('sums', soFar)).toBe('sums: 0 of 10 units');
  });
});
