import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../src/scenario.js';
import { check } from '../../../src/search/check.js';
import type { CheckOptions } from '../../../src/search/check.js';
import { adding, countingWith, lateStore, twoChanges } from './hunted-bugs.js';

interface Hunt {
  readonly options: CheckOptions;
  /** Executions within which the bug has to be found, from each of {@link SEEDS}. */
  readonly executions: number;
  readonly bug: (isBroken: boolean) => Scenario;
}

const SEEDS = [1, 2, 3, 4];

const racyAdds = (isBroken: boolean): Scenario => adding(!isBroken);
const lostPerCpuAdd = (isBroken: boolean): Scenario => countingWith(!isBroken);

const HUNTS: readonly Hunt[] = [
  { options: { search: 'random' }, executions: 20, bug: racyAdds },
  { options: { search: 'random' }, executions: 400, bug: lostPerCpuAdd },
  { options: { search: 'pct', depth: 2 }, executions: 40, bug: racyAdds },
  { options: { search: 'pct', depth: 4 }, executions: 2000, bug: twoChanges },
  { options: { search: 'pct', kernelEvents: 3 }, executions: 1500, bug: lostPerCpuAdd },
  { options: { search: 'walk' }, executions: 20, bug: racyAdds },
  { options: { search: 'walk' }, executions: 200, bug: lateStore },
  { options: { search: 'walk', kernelEvents: 3 }, executions: 1500, bug: lostPerCpuAdd },
  { options: { search: 'random', preemptions: 1 }, executions: 40, bug: racyAdds },
  { options: { search: 'walk', delays: 1 }, executions: 40, bug: racyAdds },
];

describe.each(HUNTS)('a search by $options', ({ options, executions, bug }) => {
  it.each(SEEDS)(`finds its bug within ${executions} executions from seed %i`, (seed) => {
    const result = check(bug(true), { ...options, executions, seed });
    expect(result).toMatchObject({ outcome: 'fails', finding: { kind: 'assertion' }, states: 0 });
    expect(result.executions).toBeLessThanOrEqual(executions);
  });

  it('finds nothing in the correct twin, and does not call that a pass', () => {
    const result = check(bug(false), { ...options, executions: 200 });
    expect(result).toMatchObject({ outcome: 'unknown', executions: 200 });
    expect(result.reason).toBe('the number of executions to sample');
  });
});

describe('a walk', () => {
  it('finds what a search that chooses among decisions misses', () => {
    const executions = 400;
    expect(check(lateStore(true), { search: 'random', executions }).outcome).toBe('unknown');
    expect(check(lateStore(true), { search: 'walk', executions }).outcome).toBe('fails');
  });
});

describe('a search that samples and deepens', () => {
  it('finds a bug with the least number of kernel events', () => {
    const options = { search: 'random', deepen: true, executions: 2000, kernelEvents: 5 } as const;
    const result = check(countingWith(false), options);
    expect(result).toMatchObject({ outcome: 'fails', kernelEvents: 2 });
    expect(result.executions).toBeGreaterThan(4000);
  });

  it('counts the executions of all its passes', () => {
    const options = { search: 'walk', deepen: true, executions: 30, kernelEvents: 2 } as const;
    expect(check(countingWith(true), options)).toMatchObject({
      outcome: 'unknown',
      executions: 90,
    });
  });
});
