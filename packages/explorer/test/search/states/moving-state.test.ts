import { describe, expect, it } from 'vitest';
import { leafOf } from '../../../src/search/states/leaf.js';
import { MovingState } from '../../../src/search/states/moving-state.js';
import { StateLayout } from '../../../src/search/states/state-layout.js';
import type { StateParts } from '../../../src/search/states/state-parts.js';
import { Unsuitable } from '../../../src/search/states/unsuitable.js';

/** Words of memory. */
const WORDS = 3;

/** A state with a thread, memory, and a kernel that keeps the same all along. */
function stateWithMemory(): { state: MovingState; layout: StateLayout } {
  const layout = new StateLayout(1, 1);
  const base = new Array<number>(layout.memory + WORDS).fill(0);
  const kernel = { part: () => 4 };
  return { state: new MovingState({ layout, base, kernel } as unknown as StateParts), layout };
}

/** A phase that gives the thread's part and all words of memory a value. */
function filling(state: MovingState, layout: StateLayout, value: number): Int32Array {
  const memory = Array.from({ length: WORDS }, (_, n) => [layout.memory + n, value]).flat();
  const effects = [layout.thread(0), value, ...memory];
  return Int32Array.from(leafOf(effects, layout, state.allEntries, state.allMemory));
}

/** What the thread has, and what memory holds. */
function held(state: MovingState, layout: StateLayout): number[] {
  const slots = [layout.thread(0), ...Array.from({ length: WORDS }, (_, n) => layout.memory + n)];
  return slots.map((slot) => state.read(slot));
}

describe('the state that a search is in', () => {
  it('is what it was once its changes are undone', () => {
    const { state, layout } = stateWithMemory();
    state.change(filling(state, layout, 7), 0, false);
    expect(held(state, layout)).toEqual([7, 7, 7, 7]);
    state.undo(0);
    state.memory = 0;
    expect(held(state, layout)).toEqual([0, 0, 0, 0]);
  });

  it('writes out the words that it says when it is read', () => {
    const { state, layout } = stateWithMemory();
    state.extend(layout.memory + WORDS, 5);
    state.change(filling(state, layout, 7), 0, false);
    const words = [...state.words().subarray(0, layout.memory + WORDS + 1)];
    expect(words).toEqual([0, 0, 4, 4, 4, 7, 0, 7, 7, 7, 5]);
    expect(state.read(layout.memory + WORDS)).toBe(5);
  });

  it('takes no more changes of threads than it can undo', () => {
    const { state, layout } = stateWithMemory();
    const phase = filling(state, layout, 7);
    expect(() => {
      for (let n = 0; n < 3000; n++) state.change(phase, 0, false);
    }).toThrow(Unsuitable);
  });
});
