import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatelessSearch } from '../../../src/search/stateless/stateless-search.js';
import { everyInterleaving } from './every-interleaving.js';
import { RANDOM_ACTIONS, scenarioOfActions } from './random-actions.js';
import type { RandomActions } from './random-actions.js';

/** Programs of each kind; `RSEQLAB_RUNS=5000 npx vitest run every-interleaving` for more. */
const RUNS = Number(process.env['RSEQLAB_RUNS'] ?? 40);

/** A setting with more interleavings is passed over. */
const MOST_EXECUTIONS = 120;

/** Compares a search of classes with all interleavings; false where these are too many. */
function isSameAsEveryInterleaving(setting: RandomActions): boolean {
  const expected = new Set<string>();
  const all = everyInterleaving(
    scenarioOfActions(setting, expected),
    setting.bound,
    MOST_EXECUTIONS,
  );
  if (all === undefined) return false;
  const ends = new Set<string>();
  const search = new StatelessSearch(scenarioOfActions(setting, ends));
  const limits = { kernelEvents: setting.bound, executions: 100_000, decisions: 1000 };
  const result = search.run(limits);
  expect([...ends].sort()).toEqual([...expected].sort());
  expect(result.classes).toBe(all.graphs.size);
  expect(result.blocked > 0).toBe(all.isBlocked);
  return true;
}

describe('the search comes to all that every interleaving comes to, and no more, with', () => {
  it.each(Object.entries(RANDOM_ACTIONS))(
    '%s',
    (_name, arbitrary) => {
      let compared = 0;
      fc.assert(
        fc.property(arbitrary, (setting) => {
          if (isSameAsEveryInterleaving(setting)) compared += 1;
        }),
        { numRuns: RUNS },
      );
      expect(compared).toBeGreaterThan(RUNS / 4);
    },
    3_600_000,
  );
});

it('the search executes fewer interleavings than there are where CPUs do what does not conflict', () => {
  const setting: RandomActions = {
    memory: 'sc',
    cpus: 2,
    events: {},
    bound: 1,
    threads: [['load', 'load'], ['store']],
    handles: false,
  };
  const all = everyInterleaving(scenarioOfActions(setting, new Set()), 1, 10_000)!;
  const search = new StatelessSearch(scenarioOfActions(setting, new Set()));
  const result = search.run({ kernelEvents: 1, executions: 10_000, decisions: 1000 });
  expect(result.classes).toBe(all.graphs.size);
  expect(result.executions).toBeLessThan(all.executions);
});
