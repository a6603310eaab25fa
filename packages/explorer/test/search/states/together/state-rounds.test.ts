import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../../../src/search/check-limits.js';
import { StateSearch } from '../../../../src/search/states/state-search.js';
import { randomPrograms, scenarioOf } from '../random-sections.js';
import { KEPT, counting, polite } from '../state-scenarios.js';
import { searchTogether } from './in-turns.js';

describe.each(KEPT)('the states of "$name"', (scenario) => {
  it.each([1, 3])('are those of one search when %d search together', (lanes) => {
    const limits = { kernelEvents: 2 };
    const { finding, ...pass } = new StateSearch(scenario).run(limitsOf(limits));
    const together = searchTogether(scenario, limits, { lanes });
    expect(together.needsOne).toBe(finding !== undefined);
    if (finding === undefined) expect(together.value).toEqual(pass);
  });
});

describe.each(KEPT)('the states of "$name" that tell something new', (scenario) => {
  it('are those of one search when three search together', () => {
    const limits = { kernelEvents: 2 };
    const { finding, ...pass } = new StateSearch(scenario, { reduce: true }).run(limitsOf(limits));
    const together = searchTogether(scenario, { ...limits, reduce: true }, { lanes: 3 });
    expect(together.needsOne).toBe(finding !== undefined);
    if (finding === undefined) expect(together.value).toEqual(pass);
  });
});

describe('states that tell something new', () => {
  it.each(['v6.1', 'v7.1'] as const)('are the same for three, rseq as of %s', (profile) => {
    const scenario = counting(3, 1, { profile });
    const limits = { kernelEvents: 1 };
    const one = new StateSearch(scenario, { reduce: true }).run(limitsOf(limits));
    const three = searchTogether(scenario, { ...limits, reduce: true }, { lanes: 3 });
    expect(three.value).toEqual(one);
  });

  it('are the same for any small program, however many search together', () => {
    let compared = 0;
    const lanes = fc.integer({ min: 2, max: 3 });
    const most = fc.integer({ min: 3, max: 40 });
    fc.assert(
      fc.property(randomPrograms, lanes, most, (program, ...turns) => {
        const scenario = scenarioOf(program, { profile: 'v7.1' }, new Set());
        const limits = { kernelEvents: 2 };
        const { finding: _, ...pass } = new StateSearch(scenario, { reduce: true }).run(
          limitsOf(limits),
        );
        const options = { ...limits, reduce: true };
        const together = searchTogether(scenario, options, { lanes: turns[0], most: turns[1] });
        if (together.needsOne) return;
        expect(together.value).toEqual(pass);
        compared += 1;
      }),
      { numRuns: 12 },
    );
    expect(compared).toBeGreaterThan(0);
  });
});

describe('what one has to go to by its own way', () => {
  it('is a livelock, which may cross from one to another', () => {
    expect(searchTogether(polite(false), {}).needsOne).toBe(true);
    expect(searchTogether(polite(true), {}).needsOne).toBe(false);
  });

  it('is a limit on executions, or on decisions of a path', () => {
    expect(searchTogether(KEPT[0]!, { executions: 20 }).needsOne).toBe(true);
    expect(searchTogether(KEPT[0]!, { decisions: 2 }).needsOne).toBe(true);
    expect(searchTogether(KEPT[0]!, {}).needsOne).toBe(false);
  });
});
