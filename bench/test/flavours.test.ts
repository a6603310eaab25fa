import { describe, expect, it } from 'vitest';
import { flavoursReport, gracePeriodsReport } from '../benchmarks/flavours.js';

describe('read sections of RCU', () => {
  const { rows } = flavoursReport([1, 8]);
  const cyclesOf = (name: string): readonly number[] =>
    rows.find(({ cells }) => cells[0] === name)!.cells.slice(1, 3) as number[];

  it('cost in the order that was published, with 8 readers', () => {
    const [qsbr, memb, bp, mb, lock] = ['qsbr', 'memb', 'bp', 'mb', 'reader-writer lock'].map(
      (name) => cyclesOf(name)[1]!,
    ) as [number, number, number, number, number];
    expect(qsbr).toBeLessThan(memb / 2);
    expect(Math.abs(bp / memb - 1)).toBeLessThan(0.1);
    expect(bp).toBeLessThan(mb / 5);
    expect(mb).toBeLessThan(lock);
  });

  it('do not cost more on more CPUs, unlike those of a lock', () => {
    for (const { passed } of rows) expect(passed).not.toBe(false);
    const [alone, among] = cyclesOf('reader-writer lock') as [number, number];
    expect(among).toBeGreaterThan(40 * alone);
  });
});

describe('grace periods of RCU', () => {
  it('take longer in the order that was published, with 8 readers', () => {
    const { rows } = gracePeriodsReport([8]);
    expect(rows.map(({ cells }) => cells[0])).toEqual(['mb', 'qsbr', 'memb', 'bp', 'per-CPU']);
    for (const { passed } of rows) expect(passed).not.toBe(false);
  });
});
