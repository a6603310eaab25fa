import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../../../src/search/check-limits.js';
import { StateSearch } from '../../../../src/search/states/state-search.js';
import { KEPT, polite } from '../state-scenarios.js';
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
