import { DecisionKind, encodeDecision } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { Permutations } from '../../../src/search/symmetry/permutations.js';
import { ThreadOrders } from '../../../src/search/symmetry/thread-orders.js';

describe('permutations', () => {
  it('are all of each group, with those of the others, first the one that changes nothing', () => {
    const { count, places } = new Permutations(
      [
        [0, 2],
        [1, 3, 4],
      ],
      6,
    );
    expect(count).toBe(2 * 6);
    expect([...places.subarray(0, 6)]).toEqual([0, 1, 2, 3, 4, 5]);
    const all = Array.from({ length: count }, (_, p) => places.subarray(p * 6, p * 6 + 6).join());
    expect(new Set(all).size).toBe(count);
    for (const one of all) expect(one.split(',').sort()).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  it('put other threads into decisions that name some, and leave CPUs and budgets alone', () => {
    const permutations = new Permutations([[0, 1]], 2);
    const swapped = (kind: DecisionKind): number =>
      permutations.decision(1, encodeDecision(kind, 1, 1));
    for (const kind of [DecisionKind.Preempt, DecisionKind.Migrate, DecisionKind.SpuriousWake])
      expect(swapped(kind)).toBe(encodeDecision(kind, 1, 0));
    expect(swapped(DecisionKind.Step)).toBe(encodeDecision(DecisionKind.Step, 1, 1));
    expect(permutations.decision(1, -1)).toBe(-1);
    expect(permutations.bits(1, 0b01)).toBe(0b10);
  });
});

describe('the permutations that put threads in order', () => {
  /** The threads in the places that each permutation gives them. */
  function orders(ranks: readonly number[]): string[] {
    const permutations = new Permutations([[0, 1, 2]], 4);
    const found = new ThreadOrders(permutations);
    found.ranks.set(ranks);
    return [...found.find()].map((p) => {
      const places = ['', '', ''];
      for (const thread of [0, 1, 2]) places[permutations.place(p, thread)] = String(thread);
      return places.join('');
    });
  }

  it('are one where all ranks differ, whatever others there are', () => {
    expect(orders([30, 10, 20, 5])).toEqual(['120']);
  });

  it('are more where ranks are equal', () => {
    expect(orders([10, 30, 10, 0]).sort()).toEqual(['021', '201']);
    expect(orders([7, 7, 7, 7])).toHaveLength(6);
  });
});
