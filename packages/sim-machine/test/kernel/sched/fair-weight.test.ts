import { describe, expect, it } from 'vitest';
import { baseSliceNs, fairWeight } from '../../../src/kernel/sched/fair-weight.js';
import { SchedulingPolicy } from '../../../src/kernel/sched/scheduling-policy.js';

describe('fairWeight', () => {
  it.each([
    [-20, 88761],
    [-1, 1277],
    [0, 1024],
    [1, 820],
    [19, 15],
  ])('is what Linux gives nice %i', (nice, weight) => {
    expect(fairWeight(SchedulingPolicy.Normal, nice)).toBe(weight);
    expect(fairWeight(SchedulingPolicy.Batch, nice)).toBe(weight);
  });

  it('changes by a factor of about 1.25 from one nice value to the next', () => {
    for (let nice = -20; nice < 19; nice++) {
      const factor =
        fairWeight(SchedulingPolicy.Normal, nice) / fairWeight(SchedulingPolicy.Normal, nice + 1);
      expect(factor).toBeGreaterThan(1.18);
      expect(factor).toBeLessThan(1.32);
    }
  });

  it('is 3 under SCHED_IDLE whatever the nice value', () => {
    expect(fairWeight(SchedulingPolicy.Idle, -20)).toBe(3);
    expect(fairWeight(SchedulingPolicy.Idle, 19)).toBe(3);
  });
});

describe('baseSliceNs', () => {
  it.each([
    [1, 750_000],
    [2, 1_500_000],
    [3, 1_500_000],
    [4, 2_250_000],
    [8, 3_000_000],
    [4096, 3_000_000],
  ])('for %i CPUs is %i ns', (cpus, ns) => {
    expect(baseSliceNs(cpus)).toBe(ns);
  });
});
