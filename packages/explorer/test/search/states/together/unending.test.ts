import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EdgeLog } from '../../../../src/search/states/together/edge-log.js';
import { SharedStore } from '../../../../src/search/states/together/shared-store.js';
import { unendingStates } from '../../../../src/search/states/together/unending.js';

const MOST = 12;

/** How many states no end is reached from, by going from each of them. */
function byWalks(edges: readonly (readonly number[])[], ends: readonly number[]): number {
  const reaches = (state: number, seen: Set<number>): boolean => {
    if (ends.includes(state)) return true;
    if (seen.has(state)) return false;
    seen.add(state);
    return edges[state]!.some((next) => reaches(next, seen));
  };
  return edges.filter((_, state) => !reaches(state, new Set())).length;
}

/** The same, by the transitions that two took. */
function together(edges: readonly (readonly number[])[], ends: readonly number[]): number {
  const store = new SharedStore(2, SharedStore.memory(2));
  const numbers = edges.map((_, state) => {
    store.meet(Int32Array.of(state + 1, 1), false, 0, 1);
    return store.state;
  });
  for (const state of ends) store.leave(numbers[state]!);
  const logs = [new EdgeLog(), new EdgeLog()];
  for (const [state, next] of edges.entries())
    for (const to of next) logs[state & 1]!.edge(numbers[state]!, numbers[to]!);
  return unendingStates(
    store,
    logs.map(({ record }) => record),
  );
}

describe('states from which nothing ends', () => {
  it('are found across the transitions of several', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(MOST - 1), { maxLength: 2 }), {
          minLength: MOST,
          maxLength: MOST,
        }),
        fc.array(fc.nat(MOST - 1), { maxLength: 2 }),
        (edges, ends) => {
          expect(together(edges, ends)).toBe(byWalks(edges, ends));
        },
      ),
    );
  });

  it('are found where ways to an end cross from one to another very often', () => {
    const forth = Array.from({ length: 100 }, (_, i) => [i + 1]);
    expect(together([...forth, [0]], [])).toBe(101);
    expect(together([...forth, [0]], [100])).toBe(0);
    const back = Array.from({ length: 100 }, (_, i) => [Math.max(0, i - 1)]);
    expect(together(back, [0])).toBe(0);
    expect(together(back, [7])).toBe(7);
  });
});
