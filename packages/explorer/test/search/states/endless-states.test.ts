import { describe, expect, it } from 'vitest';
import { EndlessStates } from '../../../src/search/states/endless-states.js';

/** A graph of labelled edges with the states that are left. */
function graph(
  edges: readonly (readonly [number, number])[],
  left: readonly number[],
): EndlessStates {
  const states = new EndlessStates();
  edges.forEach(([from, to], label) => {
    states.edge(from, to, label);
  });
  for (const state of left) states.leave(state);
  return states;
}

describe('endless states', () => {
  it('are none where every state leads to an end, loops among them', () => {
    const edges = [
      [0, 1],
      [1, 0],
      [1, 2],
      [2, 2],
      [2, 3],
    ] as const;
    expect(graph(edges, [3]).find(4)).toBeUndefined();
  });

  it('are those that lead to no end, with a way around', () => {
    const edges = [
      [0, 1],
      [0, 4],
      [1, 2],
      [2, 3],
      [3, 2],
    ] as const;
    expect(graph(edges, [4]).find(5)).toEqual({ state: 1, count: 3, lap: [2, 3, 4] });
  });

  it('are found among many edges', () => {
    const edges = Array.from({ length: 5000 }, (_, n) => [n, n + 1] as const);
    expect(graph([...edges, [5000, 10]], []).find(5001)?.count).toBe(5001);
    expect(graph([...edges, [5000, 10]], [10]).find(5001)).toBeUndefined();
  });

  it('are none in a path that leads backwards to an end, however many sweeps that would take', () => {
    const edges = Array.from({ length: 400 }, (_, n) => [n, n === 0 ? 400 : n - 1] as const);
    expect(graph(edges, [400]).find(401)).toBeUndefined();
    expect(graph([...edges].reverse(), [400]).find(401)).toBeUndefined();
    expect(graph([...edges].reverse(), []).find(400)?.count).toBe(400);
  });
});
