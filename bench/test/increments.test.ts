import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rseq } from '@rseqlab/rseq-runtime';
import { BURSTS_OF_64, ONE_STEP, TINY_STEPS } from '../workload/burst-director.js';
import { Increments } from '../workload/increments.js';
import type { IncrementsOptions } from '../workload/increments.js';

const schedules = fc.record({
  cpus: fc.constantFrom(1, 2, 4, 8),
  threads: fc.integer({ min: 1, max: 9 }),
  iterations: fc.integer({ min: 1, max: 12 }),
  density: fc.constantFrom(BURSTS_OF_64, ONE_STEP, TINY_STEPS, 'timed' as const),
  layer: fc.boolean(),
});

const small: IncrementsOptions = {
  cpus: 4,
  threads: 8,
  iterations: 200,
  density: BURSTS_OF_64,
  layer: false,
};

describe('the increments that are measured', () => {
  it('add up under any schedule, CPUs and threads', () => {
    fc.assert(
      fc.property(schedules, fc.integer(), (options, seed) => {
        const { sum, steps, decisions } = new Increments(options).run(seed);
        expect(sum).toBe(options.threads * options.iterations);
        expect(steps).toBeGreaterThanOrEqual(sum);
        expect(decisions).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
  });

  it('are the same work in the body and through a layer, at the same places of a schedule', () => {
    const body = new Increments(small).run(7);
    const layer = new Increments({ ...small, layer: true }).run(7);
    expect(layer).toEqual(body);
  });

  it('repeat exactly for a seed, on a machine that was used before', () => {
    const increments = new Increments(small);
    const first = increments.run(3);
    increments.run(4);
    expect(increments.run(3)).toEqual(first);
  });

  it('differ between seeds', () => {
    const increments = new Increments(small);
    const steps = new Set([1, 2, 3, 4].map((seed) => increments.run(seed).steps));
    expect(steps.size).toBeGreaterThan(1);
  });

  it('are preempted about once in 64 steps, or 160 instructions, and in sections', () => {
    const { steps, decisions } = new Increments({ ...small, iterations: 2000 }).run(1);
    // A preemption, perhaps a choice of who comes next, and a step.
    expect(steps / decisions).toBeGreaterThan(160 / 3);
    expect(steps / decisions).toBeLessThan(160 / 1.9);
    expect(steps).toBeGreaterThan(8 * 2000 * 9 * 1.005);
  });

  it.each([BURSTS_OF_64, ONE_STEP])(
    'get lost, and are missed, where nothing is aborted',
    (density) => {
      const machine = { kernel: [rseq({ aborts: false })] };
      const increments = new Increments({ ...small, density, iterations: 2000, machine });
      expect(() => increments.run(1)).toThrow(/expected a sum of 16000, got/);
    },
  );
});
