import { describe, expect, it } from 'vitest';
import { CUBIETRUCK, XEON_E5_2630V3 } from '@rseqlab/sim-machine';
import type { CostParameter } from '@rseqlab/sim-machine';
import { publishedReports } from '../benchmarks/published.js';
import type { LoopBody } from '../prediction/loop-body.js';
import { predictedNs } from '../prediction/predicted-ns.js';
import { PUBLISHED_MACHINES } from '../prediction/published-figures.js';
import { tableText } from '../report/table-text.js';

const reports = publishedReports();
const [cubietruck, xeon] = PUBLISHED_MACHINES as [
  (typeof PUBLISHED_MACHINES)[0],
  (typeof PUBLISHED_MACHINES)[0],
];

/** Error in percent, by machine and row. */
function errorsOf(report: (typeof reports)[0]): ReadonlyMap<string, number> {
  return new Map(report.rows.map(({ cells }) => [cells[0] as string, cells[3] as number]));
}

describe('predicted figures', () => {
  it('are those of both tables on both machines', () => {
    expect(PUBLISHED_MACHINES.map(({ cost }) => cost)).toEqual([CUBIETRUCK, XEON_E5_2630V3]);
    const all = ['rseq cpu_id', 'rseq cpu_id, lazy registration', 'glibc getcpu'];
    for (const report of reports) {
      expect([...errorsOf(report).keys()]).toEqual(expect.arrayContaining(all));
      const bases = report.rows.map(({ cells }) => cells[4]);
      expect(bases.filter((basis) => basis === 'predicted')).toHaveLength(5);
    }
  });

  it('are the same every time', () => {
    expect(publishedReports()).toEqual(reports);
  });

  it('come within a tenth of what the costs were fitted to', () => {
    for (const { rows } of reports)
      for (const { cells } of rows.filter(({ cells: [, , , , basis] }) => basis === 'fitted'))
        expect(Math.abs(cells[3] as number), String(cells[0])).toBeLessThan(10);
  });

  it('judge composite figures alone, by a quarter', () => {
    for (const { rows } of reports)
      for (const { cells, passed } of rows)
        expect(passed, String(cells[0])).toBe(
          cells[4] === 'fitted' ? undefined : Math.abs(cells[3] as number) <= 25,
        );
  });

  it('miss two composite figures of ten: a whole that is published as less than its part, and fences', () => {
    const missed = reports.flatMap(({ title, rows }) =>
      rows
        .filter(({ cells, passed }) => cells[4] === 'predicted' && passed === false)
        .map(({ cells }) => `${title}: ${cells[0]}`),
    );
    expect(missed).toEqual([
      expect.stringMatching(/Cubietruck.*RCU lock, dereference, unlock: rseq$/),
      expect.stringMatching(/Xeon.*counter: getcpu \+ atomic$/),
    ]);
  });

  it('are less than half of what LTTng-UST took for an event, or less than three quarters with a clock as it had', () => {
    for (const [n, atMost] of [
      [0, [0.15, 0.25]],
      [1, [0.5, 0.75]],
    ] as const) {
      const events = reports[n]!.rows.filter(({ cells }) => cells[4] === 'unlike');
      const shares = events.map(({ cells }) => (cells[1] as number) / (cells[2] as number));
      expect(shares).toHaveLength(2);
      expect(shares[0]).toBeLessThan(atMost[0]);
      expect(shares[1]).toBeLessThan(atMost[1]);
      expect(shares[1]).toBeGreaterThan(shares[0]!);
      expect(events.every(({ passed }) => passed === false)).toBe(true);
    }
  });

  it('would come as close with three cycles to the result of a load, as with two', () => {
    const { costs } = cubietruck.cost;
    const add = (name: 'LoadHit' | 'ThreadPointerRead', cycles: number): CostParameter => ({
      ...costs[name],
      cycles: costs[name].cycles + cycles,
    });
    const LoadHit = add('LoadHit', 1);
    const ThreadPointerRead = add('ThreadPointerRead', -1);
    const slow = { ...cubietruck.cost, costs: { ...costs, LoadHit, ThreadPointerRead } };
    for (const { body, publishedNs, basis } of cubietruck.figures)
      expect(
        Math.abs(predictedNs({ ...cubietruck, cost: slow }, body) / publishedNs - 1),
        body,
      ).toBeLessThan(basis === 'fitted' ? 0.1 : 0.3);
  });

  it('come from the parameters: a dearer atomic makes what has atomics dearer, and nothing else', () => {
    const { costs } = cubietruck.cost;
    const Atomic = { ...costs.Atomic, cycles: costs.Atomic.cycles + 1000 };
    const atomics: Partial<Record<LoopBody, number>> = { atomicCounter: 1, atomicReadSection: 2 };
    const dear = { ...cubietruck, cost: { ...cubietruck.cost, costs: { ...costs, Atomic } } };
    for (const { body } of cubietruck.figures)
      expect(predictedNs(dear, body) - predictedNs(cubietruck, body), body).toBeCloseTo(
        1000 * (atomics[body] ?? 0),
      );
  });

  it('take the published empty loop for nothing', () => {
    expect(predictedNs(cubietruck, 'nothing')).toBeCloseTo(8.4);
    expect(predictedNs(xeon, 'nothing')).toBeCloseTo(0.8);
  });

  it('say where two published figures contradict each other', () => {
    expect(tableText(reports[1]!)).toMatch(/15\.3 ns\) takes less than "glibc getcpu" alone/);
    expect(tableText(reports[0]!)).not.toMatch(/takes less/);
  });
});

describe('a table', () => {
  it('shows figures with their digits, and verdicts where there are some', () => {
    const base = { benchmark: 'x', title: 'a title', head: ['', 'ns'], notes: ['a note'] };
    const rows = [{ cells: ['a', 1234.56], passed: false }, { cells: ['b', '-'] }];
    const text = tableText({ ...base, digits: 1, rows });
    expect(text).toMatch(/^a title\n/);
    expect(text).toMatch(/a +│ +1,234\.6 │ MISS/);
    expect(text).toMatch(/b +│ +- │ +│/);
    expect(text).toMatch(/\na note\n$/);
    expect(tableText({ ...base, digits: 0, rows: [{ cells: ['a', 1] }] })).not.toMatch(/MISS|PASS/);
  });
});
