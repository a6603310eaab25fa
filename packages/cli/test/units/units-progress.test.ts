import { describe, expect, it } from 'vitest';
import { NO_COUNTS } from '../../src/jobs/job.js';
import { unitsProgress } from '../../src/units/units-progress.js';

describe('the progress of units', () => {
  it('tells units, executions, classes, rate, and what is left', () => {
    const text = unitsProgress('checking a.ts', {
      done: 5,
      known: 20,
      share: 0.25,
      startShare: 0,
      elapsedMs: 10_000,
      counts: { executions: 50_000, classes: 1234, blocked: 5, kernelEvents: 3 },
    });
    expect(text).toBe(
      'checking a.ts: 5 of 20 units, 50,000 executions, 1,234 classes, 5 blocked, up to 3 kernel events, 5,000 executions/s, about 30s left',
    );
  });

  it('estimates what is left from what this run did, not the one before', () => {
    const soFar = { done: 8, known: 10, share: 0.8, elapsedMs: 60_000, counts: NO_COUNTS };
    expect(unitsProgress('sums', { ...soFar, startShare: 0.7 })).toBe(
      'sums: 8 of 10 units, about 2m left',
    );
  });

  it('says nothing of units where there is but one', () => {
    const soFar = { done: 0, known: 1, share: 0, startShare: 0, elapsedMs: 1000 };
    const counts = { ...NO_COUNTS, executions: 1, classes: 1 };
    expect(unitsProgress('checking a.ts', { ...soFar, counts })).toBe(
      'checking a.ts: 1 execution, 1 class, 1 executions/s',
    );
    expect(unitsProgress('checking a.ts', { ...soFar, counts: NO_COUNTS })).toBe('checking a.ts');
  });

  it('estimates nothing from nothing', () => {
    const soFar = { done: 0, known: 10, share: 0, startShare: 0, elapsedMs: 5, counts: NO_COUNTS };
    expect(unitsProgress('sums', soFar)).toBe('sums: 0 of 10 units');
  });
});
