import { describe, expect, it } from 'vitest';
import type { MovingState } from '../../../src/search/states/moving-state.js';
import { STATE_IDENTITIES, StateKey } from '../../../src/search/states/state-key.js';

const SMALL = [0, 1, 2, 3, 40, 1000];

describe.each(STATE_IDENTITIES)('the key of a state with an identity of %s', (identity) => {
  it('differs where any number does, and is the same again for the same', () => {
    const key = new StateKey(identity, 2);
    const threads = new Int32Array(2);
    const seen = new Set<string>();
    let count = 0;
    for (const kernel of SMALL)
      for (const memory of SMALL)
        for (const first of SMALL)
          for (const second of SMALL)
            for (const [entries, events] of [
              [0, 0],
              [0, 1],
              [1, 0],
            ] as const) {
              threads.set([first, second]);
              const state = { kernel, memory, threads } as unknown as MovingState;
              const computed = key.compute(state, entries, events).join();
              expect(key.compute(state, entries, events).join()).toBe(computed);
              seen.add(computed);
              count += 1;
            }
    expect(seen.size).toBe(count);
  });
});
