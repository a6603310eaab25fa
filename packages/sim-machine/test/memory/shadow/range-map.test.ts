import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DenseIndex } from '../../../src/memory/shadow/dense-index.js';
import { RangeMap } from '../../../src/memory/shadow/range-map.js';

describe('RangeMap', () => {
  it('is a map of single numbers', () => {
    const step = fc.record({
      remove: fc.boolean(),
      start: fc.nat(30),
      size: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const ranges = new RangeMap<number>();
        const model = new Map<number, number>();
        steps.forEach(({ remove, start, size }, value) => {
          if (remove) ranges.delete(start, start + size);
          else ranges.set(start, start + size, value);
          for (let at = start; at < start + size; at++) {
            if (remove) model.delete(at);
            else model.set(at, value);
          }
          for (let at = 0; at < 50; at++) {
            expect(ranges.get(at)).toBe(model.get(at));
            expect(ranges.has(at)).toBe(model.has(at));
          }
          for (let index = 1; index < ranges.count; index++)
            expect(ranges.end(index - 1)).toBeLessThanOrEqual(ranges.start(index));
        });
        ranges.clear();
        expect(ranges.count).toBe(0);
      }),
    );
  });
});

describe('DenseIndex', () => {
  it('numbers keys in the order in which they come, before and after a reset', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer(), { maxLength: 300, size: 'max' })), (runs) => {
        const index = new DenseIndex();
        for (const keys of runs) {
          const model = new Map<number, number>();
          for (const key of keys) {
            expect(index.get(key)).toBe(model.get(key) ?? -1);
            if (!model.has(key)) model.set(key, model.size);
            expect(index.add(key)).toBe(model.get(key));
          }
          expect(index.count).toBe(model.size);
          for (const [key, expected] of model) expect(index.get(key)).toBe(expected);
          index.reset();
          for (const key of keys) expect(index.get(key)).toBe(-1);
        }
      }),
      { numRuns: 30 },
    );
  });
});
