import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateArena } from '../../../src/base/state-arena.js';
import { SchedulingParameters } from '../../../src/kernel/sched/scheduling-parameters.js';
import { isValidPolicy, SchedulingPolicy } from '../../../src/kernel/sched/scheduling-policy.js';

describe('SchedulingParameters', () => {
  it('gives back what was set, for every combination', () => {
    const parameters = new SchedulingParameters(new StateArena(), 2);
    const policies = fc.constantFrom(...Object.values(SchedulingPolicy));
    const priorities = fc.integer({ min: 0, max: 99 });
    const nices = fc.integer({ min: -20, max: 19 });
    fc.assert(
      fc.property(policies, priorities, nices, (policy, priority, nice) => {
        parameters.set(1, policy, priority, nice);
        expect(parameters.policy(1)).toBe(policy);
        expect(parameters.priority(1)).toBe(priority);
        expect(parameters.nice(1)).toBe(nice);
        expect(parameters.isRealTime(1)).toBe(policy === 1 || policy === 2);
      }),
    );
  });

  it('starts as SCHED_OTHER with nice 0', () => {
    const parameters = new SchedulingParameters(new StateArena(), 1);
    expect(parameters.policy(0)).toBe(SchedulingPolicy.Normal);
    expect(parameters.priority(0)).toBe(0);
    expect(parameters.nice(0)).toBe(0);
    expect(parameters.weight(0)).toBe(1024);
  });
});

describe('isValidPolicy', () => {
  it.each([
    [SchedulingPolicy.Fifo, 1, true],
    [SchedulingPolicy.Fifo, 99, true],
    [SchedulingPolicy.RoundRobin, 50, true],
    [SchedulingPolicy.Fifo, 0, false],
    [SchedulingPolicy.RoundRobin, 100, false],
    [SchedulingPolicy.Normal, 0, true],
    [SchedulingPolicy.Batch, 0, true],
    [SchedulingPolicy.Idle, 0, true],
    [SchedulingPolicy.Normal, 1, false],
    [4, 0, false],
    [6, 0, false],
    [-1, 0, false],
  ])('for policy %i with priority %i says %s', (policy, priority, valid) => {
    expect(isValidPolicy(policy, priority)).toBe(valid);
  });
});
