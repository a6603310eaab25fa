import { describe, expect, it } from 'vitest';
import { LongUnit } from '../../../src/search/stateless/long-unit.js';
import { StatelessSearch } from '../../../src/search/stateless/stateless-search.js';
import type { ClassLimits } from '../../../src/search/stateless/stateless-search.js';
import type { SearchUnit } from '../../../src/search/stateless/search-unit.js';
import { accumulate, load, scenarioOf } from '../straight-line.js';
import type { Program } from '../straight-line.js';

/** After how many executions a unit ends, if each is as deep as this says. */
function executionsOf(most: number, depth: (executions: number) => number): number {
  const long = new LongUnit(most);
  let executions = 0;
  while (!long.endsAt(executions, depth(executions))) executions++;
  return executions;
}

describe('a unit that is too long', () => {
  it('ends where it is as far up as it was in the last eighth', () => {
    const depth = (executions: number): number => (executions % 10 === 0 ? 3 : 7);
    expect(executionsOf(160, depth)).toBe(160);
    expect(executionsOf(165, depth)).toBe(170);
  });

  it('takes no notice of what was before', () => {
    expect(executionsOf(160, (executions) => (executions < 140 ? 1 : 5))).toBe(160);
  });

  it('ends in any case once it is twice as long', () => {
    expect(executionsOf(160, (executions) => executions)).toBe(320);
  });

  it('ends at once where there was no last eighth', () => {
    expect(executionsOf(4, (executions) => executions)).toBe(4);
  });

  it('leaves few parts over that are hardly anything', () => {
    const limits: ClassLimits = { kernelEvents: 0, executions: 100_000, decisions: 1000 };
    const sums = (to: number, from: number): Program[number] =>
      Array.from({ length: 3 }, () => accumulate(to, from));
    const program: Program = [sums(0, 1), sums(1, 0), [load(0), load(1)]];
    const search = new StatelessSearch(scenarioOf(program, 'sc'), { memoryBytes: 2 ** 22 });
    const sizes: number[] = [];
    const open = search.plan(limits, 1);
    for (let unit = open.pop(); unit !== undefined; unit = open.pop()) {
      const { rest = [], executions } = search.runUnit(unit, limits, undefined, 320);
      sizes.push(executions);
      open.push(...rest.map((part): SearchUnit => part.unit));
    }
    // Ended wherever they are, they come to 70 parts, 53 of them of fewer than 10 executions.
    expect(sizes.length).toBeLessThanOrEqual(20);
  });
});
