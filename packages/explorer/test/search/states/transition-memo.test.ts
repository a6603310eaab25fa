import { describe, expect, it } from 'vitest';
import { NodeKind, TransitionMemo } from '../../../src/search/states/transition-memo.js';
import type { Transition } from '../../../src/search/states/transition-memo.js';
import { Unsuitable } from '../../../src/search/states/unsuitable.js';

const state = (...words: readonly number[]): Int32Array => Int32Array.from(words);
const transition = (more: Partial<Transition>): Transition => ({
  reads: [],
  questions: [],
  answers: [],
  effects: [],
  ...more,
});

/** The effects that a state's transition is known to have, or undefined. */
function known(memo: TransitionMemo, root: number, words: Int32Array): number[] | undefined {
  const node = memo.follow(root, words);
  if (node < 0 || memo.kindOf(node) !== NodeKind.Leaf) return undefined;
  const at = memo.operandOf(node);
  return [...memo.effects.subarray(at + 1, at + 1 + memo.effects[at]!)];
}

describe('a memo of transitions', () => {
  it('knows a transition in all states that agree in what it read', () => {
    const memo = new TransitionMemo();
    const root = memo.root(7);
    expect(known(memo, root, state(1, 2, 3))).toBeUndefined();
    memo.insert(root, state(1, 2, 3), transition({ reads: [0, 2], effects: [1, 9] }));
    expect(known(memo, root, state(1, 5, 3))).toEqual([1, 9]);
    expect(known(memo, root, state(1, 2, 4))).toBeUndefined();
    expect(known(memo, memo.root(8), state(1, 2, 3))).toBeUndefined();
    expect(memo.leaves).toBe(1);
  });

  it('takes in a transition that reads more than another with which it begins', () => {
    const memo = new TransitionMemo();
    const root = memo.root(0);
    memo.insert(root, state(1, 2, 3), transition({ reads: [0, 1], effects: [2, 1] }));
    memo.insert(root, state(1, 3, 3), transition({ reads: [2, 0], effects: [2, 2] }));
    expect(known(memo, root, state(1, 3, 3))).toEqual([2, 2]);
    expect(known(memo, root, state(1, 3, 4))).toBeUndefined();
    expect(known(memo, root, state(1, 2, 4))).toEqual([2, 1]);
  });

  it('asks for answers, and knows what comes of each', () => {
    const memo = new TransitionMemo();
    const root = memo.root(0);
    const asked = { reads: [0], questions: [2] };
    memo.insert(root, state(1), transition({ ...asked, answers: [0], effects: [0, 5] }));
    const choice = memo.follow(root, state(1));
    expect(memo.kindOf(choice)).toBe(NodeKind.Choice);
    expect(memo.operandOf(choice)).toBe(2);
    expect(memo.branch(choice, 1)).toBe(-1);
    memo.insert(root, state(1), transition({ ...asked, answers: [1], effects: [0, 6] }));
    expect(known(memo, memo.branch(choice, 0), state(1))).toEqual([0, 5]);
    expect(known(memo, memo.branch(choice, 1), state(1))).toEqual([0, 6]);
  });

  it('refuses a second outcome of the same reads: something else was read', () => {
    const memo = new TransitionMemo();
    const root = memo.root(0);
    memo.insert(root, state(1), transition({ reads: [0], effects: [0, 5] }));
    expect(() => {
      memo.insert(root, state(1), transition({ reads: [0], effects: [0, 6] }));
    }).toThrow(Unsuitable);
  });

  it('keeps many transitions', () => {
    const memo = new TransitionMemo();
    const root = memo.root(0);
    for (let value = 0; value < 5000; value++)
      memo.insert(root, state(value, 1), transition({ reads: [0, 1], effects: [0, value + 1] }));
    for (let value = 0; value < 5000; value++)
      expect(known(memo, root, state(value, 1))).toEqual([0, value + 1]);
  });
});
