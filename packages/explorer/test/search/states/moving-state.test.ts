import { describe, expect, it } from 'vitest';
import { leafOf } from '../../../src/search/states/leaf.js';
import { MovingState } from '../../../src/search/states/moving-state.js';
import { StateLayout } from '../../../src/search/states/state-layout.js';
import type { StateParts } from '../../../src/search/states/state-parts.js';
import { Unsuitable } from '../../../src/search/states/unsuitable.js';

/** Words of memory, of which all may change at once. */
const WORDS = 1_500;

/** A state with memory and nothing that the kernel keeps. */
function stateWithMemory(): { state: MovingState; layout: StateLayout } {
  const layout = new StateLayout(1, 1);
  const base = new Array<number>(layout.memory + WORDS).fill(0);
  return { state: new MovingState({ layout, base } as unknown as StateParts), layout };
}

/** A phase that gives all words of memory a value. */
function filling(state: MovingState, layout: StateLayout, value: number): Int32Array {
  const effects = Array.from({ length: WORDS }, (_, n) => [layout.memory + n, value]).flat();
  return Int32Array.from(leafOf(effects, layout, state.allEntries, state.allMemory));
}

describe('the state that a search is in', () => {
  it('is what it was once its changes are undone', () => {
    const { state, layout } = stateWithMemory();
    state.change(filling(state, layout, 7), 0, false, true);
    expect(state.read(layout.memory + WORDS - 1)).toBe(7);
    state.undo(0);
    expect(Array.from({ length: WORDS }, (_, n) => state.read(layout.memory + n))).toEqual(
      new Array<number>(WORDS).fill(0),
    );
  });

  it('takes no more changes than it can undo', () => {
    const { state, layout } = stateWithMemory();
    state.change(filling(state, layout, 7), 0, false, true);
    expect(() => {
      state.change(filling(state, layout, 8), 0, false, true);
    }).toThrow(Unsuitable);
  });
});
