import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Meeting, SharedStore } from '../../../../src/search/states/together/shared-store.js';

const word = fc.integer({ min: -2, max: 2 });
const LANES = 2;

/** Several who share a store. */
function sharers(count: number): SharedStore[] {
  const memory = SharedStore.memory(LANES);
  return Array.from({ length: count }, () => new SharedStore(LANES, memory));
}

describe('a shared store', () => {
  it('gives a state one number, and to one of all who come to it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), word, word), { maxLength: 60 }), (comings) => {
        const stores = sharers(3);
        const numbers = new Map<string, number>();
        for (const [who, low, high] of comings) {
          const store = stores[who]!;
          const met = store.meet(Int32Array.of(low, high), false, 0, 1);
          // A first word of 0 is kept as 1.
          const name = `${low === 0 ? 1 : low}:${high}`;
          expect(met).toBe(numbers.has(name) ? Meeting.Known : Meeting.New);
          if (!numbers.has(name)) numbers.set(name, store.state);
          expect(store.state).toBe(numbers.get(name));
        }
        expect(new Set(numbers.values()).size).toBe(numbers.size);
      }),
    );
  });

  it('lets one of all reach a state that waited', () => {
    const [a, b] = sharers(2) as [SharedStore, SharedStore];
    const key = (): Int32Array => Int32Array.of(5, 6);
    expect(a.meet(key(), true, 0, 1)).toBe(Meeting.New);
    expect(b.meet(key(), true, 0, 1)).toBe(Meeting.Known);
    expect(b.meet(key(), false, 0, 1)).toBe(Meeting.Reached);
    expect(a.meet(key(), false, 0, 1)).toBe(Meeting.Known);
    expect([a.reach(a.state), a.meet(Int32Array.of(7, 7), true, 0, 1)]).toEqual([false, 1]);
    expect([b.reach(a.state), a.reach(a.state)]).toEqual([true, false]);
  });

  it('knows how it came to a state, through others, before it grows and after', () => {
    const [a, b] = sharers(2) as [SharedStore, SharedStore];
    a.meet(Int32Array.of(1, 1), false, 0, 10);
    b.meet(Int32Array.of(2, 2), false, a.state, 20);
    a.meet(Int32Array.of(3, 3), true, b.state, 30);
    const last = a.state;
    const small = SharedStore.memory(LANES);
    const store = new SharedStore(LANES, small);
    for (let i = 1; !store.isNearlyFull; i++) store.meet(Int32Array.of(i, -i), false, 0, i);
    const larger = new SharedStore(LANES, SharedStore.grown(LANES, small, store.capacity * 4));
    expect([store.isNearlyFull, larger.isNearlyFull]).toEqual([true, false]);
    expect(larger.meet(Int32Array.of(77, -77), false, 0, 1)).toBe(Meeting.Known);
    expect(larger.pathTo(larger.state)).toEqual([77]);
    expect(a.pathTo(last)).toEqual([10, 20, 30]);
    expect([a.depthOf(last), a.isUnsettled(last)]).toEqual([2, true]);
    a.leave(last);
    expect(b.isUnsettled(last)).toBe(false);
  });

  it('says when there is no room left', () => {
    const store = new SharedStore(LANES, SharedStore.memory(LANES, 1 << 9));
    const fill = (): void => {
      for (let i = 1; i <= 1 << 9; i++) store.meet(Int32Array.of(i, 1), false, 0, 1);
    };
    expect(fill).toThrow(new RangeError('there is no room for more states'));
  });
});
