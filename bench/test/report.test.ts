import { describe, expect, it } from 'vitest';
import { judged } from '../report/report.js';
import { reportText } from '../report/report-text.js';

const around = (median: number) => ({ low: median * 0.9, median, high: median * 1.1 });

describe('a report', () => {
  it('passes what reaches the ratio that is wanted, and misses what does not', () => {
    expect(judged('a', around(10), around(0.5), 0.5).passed).toBe(true);
    expect(judged('a', around(10), around(0.499), 0.5).passed).toBe(false);
  });

  it('judges the value where there is no ratio', () => {
    expect(judged('a', around(150_000), undefined, 150_000).passed).toBe(true);
    expect(judged('a', around(149_999), undefined, 150_000).passed).toBe(false);
  });

  it('shows medians, quartiles, what is wanted and the verdicts', () => {
    const rows = [
      { label: 'C', value: around(40_000_000) },
      judged('fast', around(30_000_000), around(0.75), 0.5),
      judged('slow', around(1_000_000), around(0.025), 0.5),
    ];
    const base = { benchmark: 'x', title: 'a title', unit: 'increments/s', relativeTo: 'of C' };
    const lines = reportText({ ...base, rows }).split('\n');
    expect(lines[0]).toBe('a title');
    expect(lines.find((line) => line.includes('fast'))).toMatch(
      /30,000,000 │ 0\.75 │ 0\.68 to 0\.83 │ +>= 0\.5 │ PASS/,
    );
    expect(lines.find((line) => line.includes('slow'))).toMatch(/MISS/);
    expect(lines.find((line) => line.includes(' C '))).not.toMatch(/PASS|MISS/);
  });
});
