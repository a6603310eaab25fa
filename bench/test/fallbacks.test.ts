import { describe, expect, it } from 'vitest';
import { compareFallbacks } from '@rseqlab/rseq-runtime';
import { COST_MACHINES, XEON_E5_2630V3 } from '@rseqlab/sim-machine';
import { fallbacksReport } from '../benchmarks/fallbacks.js';
import { sectionCycles } from '../prediction/section-cycles.js';

describe('sections and their fallbacks', () => {
  const { rows, head, notes } = fallbacksReport(XEON_E5_2630V3);

  it('are compared for every operation that has fallbacks', () => {
    const operations = compareFallbacks(XEON_E5_2630V3).map(({ operation }) => operation);
    expect(rows.map(({ cells }) => cells[0])).toEqual(operations);
    for (const { cells } of rows) expect(cells).toHaveLength(head.length);
  });

  it('have a cost, or a reason why there is none', () => {
    const missing = rows.flatMap(({ cells }) => cells.slice(1, 5).filter((cell) => cell === '-'));
    expect(notes).toHaveLength(missing.length);
  });

  it('are the same every time', () => {
    expect(fallbacksReport(XEON_E5_2630V3).rows).toEqual(rows);
  });

  it.each(COST_MACHINES)('cost more than the section on $name', (cost) => {
    for (const { cells } of fallbacksReport(cost).rows) {
      const [operation, section, ...calls] = cells.slice(0, 5);
      if (typeof section !== 'number') continue;
      for (const call of calls)
        if (typeof call === 'number') expect(call, String(operation)).toBeGreaterThan(section);
    }
  });

  it('prices a section as the sum of its instructions and accesses', () => {
    const { Instruction, LoadHit, StoreHit } = XEON_E5_2630V3.costs;
    // li32, st32 rseq_cs | ld32 cpu_id, bne, ld32, add, st32 | li, ret
    const sum = 9 * Instruction.cycles + 2 * LoadHit.cycles + 2 * StoreHit.cycles;
    expect(sectionCycles(XEON_E5_2630V3, 'add')).toBeCloseTo(sum, 5);
  });

  it('knows no section of what is not compared', () => {
    expect(() => sectionCycles(XEON_E5_2630V3, 'sort')).toThrow('expected a section for "sort"');
  });
});
