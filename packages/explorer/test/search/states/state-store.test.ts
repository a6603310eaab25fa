import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateStatus, StateStore } from '../../../src/search/states/state-store.js';

describe.each([2, 4, 7])('a store of states with keys of %d words', (lanes) => {
  const keyOf = (...words: readonly number[]): Int32Array => {
    const key = new Int32Array(lanes);
    key.set(words, lanes - words.length);
    return key;
  };

  it('numbers different states differently and the same state the same, in any order', () => {
    const states = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 9000 });
    fc.assert(
      fc.property(states, (list) => {
        const store = new StateStore(lanes);
        const numbers = new Map<string, number>();
        for (const words of list) {
          const key = keyOf(...words);
          const number = store.find(key);
          expect(number).toBe(numbers.get(words.join()) ?? store.size);
          if (number === store.size) expect(store.add(key, StateStatus.Reached)).toBe(number);
          numbers.set(words.join(), number);
        }
        expect(store.size).toBe(numbers.size);
      }),
      { numRuns: 10 },
    );
  });

  it('keeps more states than it first has room for, and the way to each', () => {
    const store = new StateStore(lanes);
    for (let n = 0; n < 9000; n++) {
      const key = keyOf(n);
      if (store.find(key) !== n || store.foundStatus !== StateStatus.New)
        expect.unreachable(`a new state is not the ${n}th`);
      store.add(key, n % 2 === 0 ? StateStatus.Waiting : StateStatus.Reached);
      store.cameFrom(n, n - 1, 10 * n);
    }
    expect(store.pathTo(3)).toEqual([0, 10, 20, 30]);
    expect(store.depthOf(8999)).toBe(8999);
    expect(store.statusOf(8998)).toBe(StateStatus.Waiting);
    expect(store.find(keyOf(4711))).toBe(4711);
    expect(store.foundStatus).toBe(StateStatus.Reached);
  });

  it('finds a state to be reached that was waiting when it came, as often as it is asked', () => {
    const store = new StateStore(lanes);
    for (const n of [0, 1]) {
      store.find(keyOf(n));
      store.add(keyOf(n), StateStatus.Waiting);
    }
    store.note(1, StateStatus.Reached);
    for (const [n, status] of [
      [0, StateStatus.Waiting],
      [1, StateStatus.Reached],
      [1, StateStatus.Reached],
      [0, StateStatus.Waiting],
    ] as const) {
      expect(store.find(keyOf(n))).toBe(n);
      expect(store.foundStatus).toBe(status);
    }
  });
});
