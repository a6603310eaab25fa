import { describe, expect, it } from 'vitest';
import { StatelessSearch } from '../../../src/search/stateless/stateless-search.js';
import type { ClassLimits } from '../../../src/search/stateless/stateless-search.js';
import { mergeUnits } from '../../../src/search/stateless/unit-result.js';
import type { UnitResult } from '../../../src/search/stateless/unit-result.js';
import type { SearchUnit } from '../../../src/search/stateless/search-unit.js';
import { accumulate, fetchAdd, increment, load, scenarioOf, store } from '../straight-line.js';
import type { Program } from '../straight-line.js';

const LIMITS: ClassLimits = { kernelEvents: 0, executions: 100_000, decisions: 1000 };

const RACY_INCREMENTS: Program = [[increment(0)], [increment(0)], [increment(0)]];

const PROGRAMS: Readonly<Record<string, Program>> = {
  'fib with checker': [
    [accumulate(0, 1), accumulate(0, 1)],
    [accumulate(1, 0), accumulate(1, 0)],
    [load(0), load(1)],
  ],
  'racy increments': RACY_INCREMENTS,
  'store buffering': [
    [store(0), load(1)],
    [store(1), load(2)],
    [store(2), load(0)],
  ],
  atomics: [[fetchAdd(0), load(1)], [fetchAdd(0), store(1)], [fetchAdd(0)]],
};

/** Memory that is quick to make. */
const SMALL = { memoryBytes: 2 ** 22 };

describe.each(['sc', 'tso'] as const)(
  'under %s, the units of a search for the classes of',
  (memory) => {
    it.each(Object.entries(PROGRAMS))(
      '%s are plain data that can be run anywhere in any order, and come to every class once',
      (_name, program) => {
        const checked = scenarioOf(program, memory);
        const whole = new StatelessSearch(checked, SMALL).run(LIMITS);
        for (const count of [2, 7, 40]) {
          const units = new StatelessSearch(checked, SMALL).plan(LIMITS, count);
          expect(units.length).toBeGreaterThanOrEqual(Math.min(count, whole.classes));
          const results: UnitResult[] = [];
          const elsewhere = new StatelessSearch(checked, SMALL);
          for (let at = units.length - 1; at >= 0; at--) {
            const unit = JSON.parse(JSON.stringify(units[at])) as SearchUnit;
            const result = elsewhere.runUnit(unit, LIMITS);
            results[at] = JSON.parse(JSON.stringify(result)) as UnitResult;
          }
          const merged = mergeUnits(results);
          expect(merged).toMatchObject({ end: 'all', classes: whole.classes, blocked: 0 });
          expect(merged.executions - merged.redundant).toBe(whole.classes);
        }
      },
    );

    it.each(Object.entries(PROGRAMS))(
      '%s leave over what is too long, wherever that is, and come to every class once',
      (_name, program) => {
        const checked = scenarioOf(program, memory);
        const whole = new StatelessSearch(checked, SMALL).run(LIMITS);
        const search = new StatelessSearch(checked, SMALL);
        for (const most of [1, 4]) {
          const results: UnitResult[] = [];
          const open = search.plan(LIMITS, 1);
          for (let unit = open.pop(); unit !== undefined; unit = open.pop()) {
            const { rest = [], ...result } = search.runUnit(unit, LIMITS, undefined, most);
            expect(result.executions).toBeLessThanOrEqual(most);
            expect(rest.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1);
            results.push(result);
            for (const part of rest) open.push(JSON.parse(JSON.stringify(part.unit)) as SearchUnit);
          }
          const merged = mergeUnits(results);
          expect(merged).toMatchObject({ end: 'all', classes: whole.classes, blocked: 0 });
          expect(merged.executions - merged.redundant).toBe(whole.classes);
        }
      },
    );

    it('racy increments are planned in the same way every time', () => {
      const checked = scenarioOf(RACY_INCREMENTS, memory);
      const plan = (): SearchUnit[] => new StatelessSearch(checked, SMALL).plan(LIMITS, 10);
      expect(plan()).toEqual(plan());
    });
  },
);

describe('results of units', () => {
  const result = (more: Partial<UnitResult> = {}): UnitResult => ({
    end: 'all',
    executions: 2,
    ownClasses: 1,
    fingerprints: [],
    blocked: 1,
    redundant: 0,
    kernelEvents: 0,
    held: [],
    isByValues: false,
    ...more,
  });

  it('add up, and classes that several units came to count once', () => {
    const merged = mergeUnits([
      result({ fingerprints: [1, 2, 3, 4] }),
      result({ fingerprints: [3, 4], kernelEvents: 1 }),
    ]);
    expect(merged).toMatchObject({
      end: 'all',
      executions: 4,
      classes: 4,
      blocked: 2,
      redundant: 1,
      kernelEvents: 1,
    });
  });

  it('are not complete while one is missing, or gave up, or there is none', () => {
    expect(mergeUnits([result(), undefined]).end).toBe('gave-up');
    expect(mergeUnits([result({ end: 'gave-up' }), result()]).end).toBe('gave-up');
    expect(mergeUnits([]).end).toBe('gave-up');
    expect(mergeUnits([result({ end: 'bounded' }), result()]).end).toBe('bounded');
  });

  it('tell the finding of the first unit in the plan that has one', () => {
    const finding = (message: string): Partial<UnitResult> => ({
      end: 'finding',
      finding: { kind: 'assertion', message },
      decisions: [1, 2],
    });
    const merged = mergeUnits([undefined, result(finding('first')), result(finding('second'))]);
    expect(merged.finding?.message).toBe('first');
    expect([...merged.decisions!]).toEqual([1, 2]);
  });
});
