import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../../../src/search/check-limits.js';
import { StateSearch } from '../../../../src/search/states/state-search.js';
import { KEPT } from '../state-scenarios.js';
import { searchTogether } from './together.js';

describe.each(KEPT)('the states of "$name"', (scenario) => {
  it.each([1, 3])('are those of one search when %d search together', (lanes) => {
    const limits = { kernelEvents: 2 };
    const { finding, ...pass } = new StateSearch(scenario).run(limitsOf(limits));
    const together = searchTogether(scenario, limits, { lanes });
    expect(together.needsOne).toBe(finding !== undefined);
    if (finding === undefined) expect(together.value).toEqual(pass);
  });
});
