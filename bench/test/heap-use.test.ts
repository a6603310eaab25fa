import { describe, expect, it } from 'vitest';
import { LONG_SEARCHES, heapUse } from '../workload/heap-use.js';

/** Executions: until the first mark, code is still being optimized. */
const MARKS = [4000, 40_000];

/**
 * Bytes that the executions between may leave behind: a third of what two numbers each do. Code that is
 * optimized late, or thrown away, moves the heap by up to a quarter of a megabyte either way.
 */
const MOST_BYTES = 600_000;

describe.each(LONG_SEARCHES)('memory of a search of $search', (long) => {
  it('is as much after 40,000 executions as after 4,000', () => {
    const [first, last] = heapUse(long, MARKS);
    expect(last! - first!).toBeLessThan(MOST_BYTES);
  });
});

it('a search that keeps two numbers an execution is told from one that keeps none', () => {
  const kept: object[] = [];
  const [first, last] = heapUse(LONG_SEARCHES[1]!, MARKS, () => {
    kept.push({ execution: kept.length, seed: 1 });
  });
  expect(last! - first!).toBeGreaterThan(MOST_BYTES);
});
