import { describe, expect, it } from 'vitest';
import { INJECTIONS } from '../inject/injection.js';
import type { Injection } from '../inject/injection.js';
import { exhaust } from '../run/exhaustive.js';
import { DEFAULT_OPTIONS } from '../run/stress-options.js';
import { stress } from '../run/stress-run.js';
import type { StressOptions, StressResult } from '../run/stress-run.js';
import { STRUCTURES } from '../structures/all-structures.js';
import type { StressStructure } from '../structures/stress-structure.js';

const SEEDS = 8;

function seeds(structure: StressStructure, options: Partial<StressOptions>): StressResult[] {
  return Array.from({ length: SEEDS }, (_, i) =>
    stress(structure, { ...DEFAULT_OPTIONS, ...options, seed: i + 1 }),
  );
}

function total(results: readonly StressResult[], kind: Injection): number {
  const counts = results.flatMap(({ injected }) => [...(injected.get(kind) ?? [])]);
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Structures whose whole search takes longer than a test may, and how far it goes here; all of it:
 * `npm run stress -- --exhaustive`.
 */
const FEW_EVENTS: ReadonlyMap<string, number> = new Map([['memcpy buffer', 2]]);

describe.each(STRUCTURES.map((structure) => ({ name: structure.name, structure })))(
  'the $name',
  ({ structure }) => {
    it.each(['sc', 'tso'] as const)('keeps its contents under %s', (memory) => {
      const results = seeds(structure, { memory });
      expect(results.map(({ fault }) => fault)).toEqual(results.map(() => undefined));
      expect(results.reduce((sum, { aborts }) => sum + aborts, 0)).toBeGreaterThan(SEEDS);
      for (const kind of INJECTIONS) expect(total(results, kind), kind).toBeGreaterThan(0);
      expect(results.some(({ handled }) => handled > 0)).toBe(true);
      expect(results.some(({ killed }) => killed)).toBe(true);
    });

    it('loses them in a kernel that never aborts', () => {
      const faults = seeds(structure, { aborts: false }).filter(({ fault }) => fault !== undefined);
      expect(faults.length).toBeGreaterThan(0);
    });

    it('loses them in some interleaving of two threads without aborts', () => {
      expect(exhaust(structure, { memory: 'sc', aborts: false }).outcome).toBe('fails');
    });

    it('keeps them in every interleaving of two threads, or in all with few kernel events', () => {
      const kernelEvents = FEW_EVENTS.get(structure.name);
      const { outcome, reason } = exhaust(structure, {
        memory: 'sc',
        aborts: true,
        ...(kernelEvents !== undefined && { kernelEvents }),
      });
      if (kernelEvents === undefined) expect(outcome).toBe('holds');
      else
        expect([outcome, reason]).toEqual([
          'unknown',
          `the bound of ${kernelEvents} kernel events`,
        ]);
    });
  },
);

describe('an injection', () => {
  const [counter] = STRUCTURES;

  it('is made at the points that were asked for, and nowhere else', () => {
    const results = seeds(counter!, { points: [3, 5], oneIn: 2, kinds: ['migrate', 'loop'] });
    const points = results.flatMap(({ injected }) =>
      [...injected.values()].flatMap((counts) =>
        counts.flatMap((count, point) => (count > 0 ? [String(point)] : [])),
      ),
    );
    expect([...new Set(points)].sort()).toEqual(['3', '5']);
  });

  it('is the same for the same seed', () => {
    const run = (): StressResult => stress(counter!, { ...DEFAULT_OPTIONS, seed: 7 });
    expect(run()).toEqual(run());
  });

  it('of none is a run without injections', () => {
    const results = seeds(counter!, { kinds: [] });
    expect(results.map(({ injected }) => injected.size)).toEqual(results.map(() => 0));
    expect(results.every(({ fault }) => fault === undefined)).toBe(true);
  });
});

it('a test of unregistered threads alone aborts nothing', () => {
  const results = seeds(STRUCTURES[0]!, { threads: 3, unregistered: 3 });
  expect(results.map(({ fault, aborts }) => [fault, aborts])).toEqual(
    results.map(() => [undefined, 0]),
  );
});
