import { describe, expect, it } from 'vitest';
import { UninterruptedAdds } from '../workload/uninterrupted-adds.js';
import type { AddMethod } from '../workload/uninterrupted-adds.js';

/** Instructions of an add, as the sections are written. */
const INSTRUCTIONS: Readonly<Record<AddMethod, number>> = {
  bare: 6,
  layer: 6,
  start: 9,
  run: 9,
  indexed: 11,
};

describe('the adds that primitives are measured by', () => {
  it.each(Object.entries(INSTRUCTIONS) as [AddMethod, number][])(
    '%s takes %i instructions an add, all of which count, on a machine used before too',
    (method, instructions) => {
      const adds = new UninterruptedAdds(method);
      for (const times of [1000, 3000, 1000]) {
        const steps = adds.prepare(times)();
        expect(steps / times).toBeCloseTo(instructions, 1);
      }
    },
  );
});
