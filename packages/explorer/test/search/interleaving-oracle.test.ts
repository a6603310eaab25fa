import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/search/check.js';
import { enumerate } from './interleaving-oracle.js';
import { accumulate, fetchAdd, increment, load, scenarioOf, store } from './straight-line.js';
import type { Access, Outcome, Program } from './straight-line.js';

const location = fc.nat(1);

const access: fc.Arbitrary<Access> = fc.oneof(
  { weight: 4, arbitrary: location.map(load) },
  {
    weight: 4,
    arbitrary: fc.tuple(location, fc.integer({ min: 1, max: 3 })).map(([x, v]) => store(x, v)),
  },
  { weight: 1, arbitrary: location.map(increment) },
  { weight: 1, arbitrary: location.map((x) => accumulate(x, 1 - x)) },
  { weight: 2, arbitrary: location.map(fetchAdd) },
);

const thread = (most: number): fc.Arbitrary<Access[]> =>
  fc.array(access, { minLength: 1, maxLength: most });

const programs: fc.Arbitrary<Program> = fc.oneof(
  fc.tuple(thread(4), thread(4)),
  fc.tuple(thread(2), thread(2), thread(2)),
  fc.tuple(thread(1), thread(1), thread(1), thread(1)),
);

describe('the oracle', () => {
  it.each<readonly [string, Program, number, number]>([
    [
      'SB',
      [
        [store(0), load(1)],
        [store(1), load(0)],
      ],
      3,
      4,
    ],
    ['fib(1)', [[accumulate(0, 1)], [accumulate(1, 0)]], 3, 3],
    ['racy increment(3)', [[increment(0)], [increment(0)], [increment(0)]], 36, 36],
    ['fetch_add(3)', [[fetchAdd(0)], [fetchAdd(0)], [fetchAdd(0)]], 6, 6],
  ])('knows the published counts of %s', (_name, program, sc, tso) => {
    expect(enumerate(program, 'sc').classes).toBe(sc);
    expect(enumerate(program, 'tso').classes).toBe(tso);
  });
});

describe.each(['sc', 'tso'] as const)('under %s', (memory) => {
  it('the search finds as many classes of any small program as there are, and all outcomes', () => {
    let classes = 0;
    fc.assert(
      fc.property(programs, (program) => {
        const expected = enumerate(program, memory);
        const outcomes = new Set<Outcome>();
        const result = check(scenarioOf(program, memory, outcomes));
        expect(result.outcome).toBe('holds');
        expect(result.classes).toBe(expected.classes);
        expect([...outcomes].sort()).toEqual([...expected.outcomes].sort());
        classes += result.classes;
      }),
      { numRuns: 60 },
    );
    expect(classes).toBeGreaterThan(120);
  });
});
