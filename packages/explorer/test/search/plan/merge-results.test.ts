import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeResults } from '../../../src/search/plan/merge-results.js';
import type { SearchPlan } from '../../../src/search/plan/search-plan.js';
import { placeUnits, shardUnits } from '../../../src/search/plan/shard.js';
import { UnitLedger } from '../../../src/search/plan/unit-ledger.js';
import { addUp, treeUnits } from './fake-strategy.js';
import type { Tree } from './fake-strategy.js';

const identity = { version: '1', strategy: 'adding up', subject: 's', options: '{}' };
const trees: readonly Tree[] = [
  { number: 1, below: [{ number: 2, below: [{ number: 3 }] }] },
  { number: 4 },
  { number: 5, below: [{ number: 6 }] },
  { number: 7 },
  { number: 8 },
];
const plan: SearchPlan = { identity, units: treeUnits(trees) };

function run(ledger: UnitLedger): UnitLedger {
  for (let unit = ledger.take(); unit !== undefined; unit = ledger.take())
    ledger.add({ path: unit.path, ...addUp(unit.work as Tree) });
  return ledger;
}

const whole = run(new UnitLedger(placeUnits(plan.units))).results();
const shard = (index: number, count: number) => ({
  identity,
  results: run(new UnitLedger(shardUnits(plan.units, index, count))).results(),
});
const shards = (count: number) => Array.from({ length: count }, (_, i) => shard(i + 1, count));
const refusal = (message: string) =>
  expect.objectContaining({ code: 'ERR_PLAN', message }) as Error;

describe('merging', () => {
  it('comes to the whole, whatever the number of shards and the order they come in', () => {
    const split = fc
      .integer({ min: 1, max: trees.length })
      .chain((count) => fc.shuffledSubarray(shards(count), { minLength: count }));
    fc.assert(
      fc.property(split, (files) => {
        const merged = mergeResults(plan, files, 'result file');
        expect(merged.isComplete).toBe(true);
        expect(merged.results()).toEqual(whole);
      }),
    );
  });

  it('is not complete without every shard', () => {
    const merged = mergeResults(plan, shards(3).slice(1), 'result file');
    expect(merged).toMatchObject({ isComplete: false, missing: 2 });
  });

  it('refuses a shard that comes twice', () => {
    expect(() => mergeResults(plan, [shard(1, 2), shard(1, 2)], 'result file')).toThrow(
      refusal('expected one result of unit 0, got two'),
    );
  });

  it('refuses results of another plan, and none at all', () => {
    const foreign = { ...shard(1, 2), identity: { ...identity, subject: 'other' } };
    expect(() => mergeResults(plan, [foreign], 'result file')).toThrow(
      refusal(
        'expected a result file of these files as they are now (s), got one of others (other)',
      ),
    );
    expect(() => mergeResults(plan, [{ identity, results: [] }], 'result file')).toThrow(
      refusal('expected a result file with results, got one without'),
    );
  });

  it('refuses units that the plan does not have', () => {
    const foreign = { identity, results: [{ path: '9', value: 1 }] };
    expect(() => mergeResults(plan, [foreign], 'result file')).toThrow(
      refusal('expected units of the plan, got unit 9'),
    );
  });
});

describe('a shard', () => {
  it.each([
    [1, 6, 'expected 1 to 5 shards, as the plan has 5 units, got 6'],
    [1, 0, 'expected 1 to 5 shards, as the plan has 5 units, got 0'],
    [3, 2, 'expected a shard from 1 to 2, got 3'],
    [0, 2, 'expected a shard from 1 to 2, got 0'],
  ])('%i of %i is an error, as it would be empty', (index, count, message) => {
    expect(() => shardUnits(plan.units, index, count)).toThrow(refusal(message));
  });
});
