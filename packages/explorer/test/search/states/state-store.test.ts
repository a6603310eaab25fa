import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laneOf } from '../../../src/search/states/state-lanes.js';
import {
  STATE_IDENTITIES,
  StateStatus,
  StateStore,
} from '../../../src/search/states/state-store.js';

/** A state's hash, as a sum over its slots. */
function hashOf(words: Int32Array): Int32Array {
  const hash = new Int32Array(4);
  for (let lane = 0; lane < 4; lane++)
    for (let slot = 0; slot < words.length; slot++)
      hash[lane] = (hash[lane]! + laneOf(lane, slot, words[slot]!)) | 0;
  return hash;
}

describe.each(STATE_IDENTITIES)('a store of states with an identity of %s', (identity) => {
  it('numbers different states differently and the same state the same, in any order', () => {
    const states = fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)), { maxLength: 3000 });
    fc.assert(
      fc.property(states, (list) => {
        const store = new StateStore(identity);
        store.widen(3, [0, 0, 0]);
        const numbers = new Map<string, number>();
        for (const words of list) {
          const state = Int32Array.from(words);
          const number = store.find(hashOf(state), state);
          const expected = numbers.get(words.join()) ?? store.size;
          expect(number).toBe(expected);
          numbers.set(words.join(), number);
          store.note(number, hashOf(state), state, StateStatus.Reached);
        }
        expect(store.size).toBe(numbers.size);
      }),
      { numRuns: 20 },
    );
  });

  it('remembers the way to a state', () => {
    const store = new StateStore(identity);
    store.widen(1, [0]);
    for (let n = 0; n < 2000; n++) {
      const state = Int32Array.of(n);
      store.note(store.find(hashOf(state), state), hashOf(state), state, StateStatus.Reached);
      store.cameFrom(n, n - 1, 10 * n);
    }
    expect(store.pathTo(3)).toEqual([0, 10, 20, 30]);
    expect(store.depthOf(1999)).toBe(1999);
    expect(store.statusOf(2000)).toBe(StateStatus.New);
  });
});

describe('whole states', () => {
  it('are told apart where their hashes are the same, also when they got wider', () => {
    const store = new StateStore('whole');
    const hash = Int32Array.of(1, 2, 3, 4);
    store.widen(1, [0]);
    expect(store.find(hash, Int32Array.of(5))).toBe(0);
    store.note(0, hash, Int32Array.of(5), StateStatus.Reached);
    expect(store.find(hash, Int32Array.of(6))).toBe(1);
    store.widen(2, [0, 8]);
    expect(store.find(hash, Int32Array.of(5, 8))).toBe(0);
    expect(store.find(hash, Int32Array.of(5, 9))).toBe(1);
  });
});
