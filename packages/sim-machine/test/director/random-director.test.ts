import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecisionKind, encodeDecision, NO_DECISION } from '../../src/director/decision.js';
import type { Decision } from '../../src/director/decision.js';
import type { DecisionPoint } from '../../src/director/director.js';
import { RandomDirector } from '../../src/director/random-director.js';

/** A point at which `count` decisions are possible. */
function pointWith(count: number): DecisionPoint {
  const nothing = { earliest: () => -1 };
  return {
    enumerate(out: Decision[]): number {
      for (let y = 0; y < count; y++) out[y] = encodeDecision(DecisionKind.Step, 0, y + 1);
      return count;
    },
    currentOn: () => 0,
    possibleCpus: [0],
    cyclesOf: () => 0,
    timers: { ...nothing, expiryCycles: () => 0, cpuOf: () => 0 },
    pageIns: { ...nothing, arrivalCycles: () => 0 },
    activated: { take: () => -1 },
    pendingStores: () => 0,
    canProgress: () => true,
    isDeadlocked: () => false,
  };
}

function drawn(director: RandomDirector, length: number, options = 5): number[] {
  const point = pointWith(options);
  return Array.from({ length }, () => director.decide(point));
}

describe('RandomDirector', () => {
  it('makes the same decisions from the same seed, and after start() again', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const director = new RandomDirector({ seed });
        const first = drawn(director, 20);
        director.start();
        expect(drawn(director, 20)).toEqual(first);
        expect(drawn(new RandomDirector({ seed }), 20)).toEqual(first);
      }),
    );
  });

  it('is frozen: seed 1 draws what it drew when the first seeds were written down', () => {
    expect(drawn(new RandomDirector({ seed: 1 }), 12).map((d) => d & 0xffff)).toEqual([
      4, 5, 1, 2, 2, 1, 5, 4, 1, 2, 3, 1,
    ]);
  });

  it('takes every possible decision about equally often', () => {
    const counts = [0, 0, 0, 0, 0];
    for (const decision of drawn(new RandomDirector({ seed: 42 }), 5000))
      counts[(decision & 0xffff) - 1]! += 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('makes no decision where none is possible', () => {
    expect(new RandomDirector({ seed: 1 }).decide(pointWith(0))).toBe(NO_DECISION);
  });

  it('answers every question within its range, and with every answer', () => {
    const director = new RandomDirector({ seed: 3 });
    const answers = new Set(Array.from({ length: 200 }, () => director.choose(0, 4)));
    expect([...answers].sort()).toEqual([0, 1, 2, 3]);
  });

  it('stops CPUs at accesses, or at instructions when told so', () => {
    expect(new RandomDirector({ seed: 1 }).granularity).toBe('access');
    expect(new RandomDirector({ seed: 1, granularity: 'instruction' }).granularity).toBe(
      'instruction',
    );
  });
});
