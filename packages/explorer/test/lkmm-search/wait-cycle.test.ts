import { describe, expect, it } from 'vitest';
import { cycleOf } from '../../src/lkmm-search/wait-cycle.js';

describe('cycleOf', () => {
  it.each<readonly [string, readonly (readonly [number, readonly number[]])[], readonly number[]]>([
    ['a thread that waits for itself', [[1, [1]]], [1, 1]],
    [
      'two that wait for each other',
      [
        [0, [1]],
        [1, [0]],
      ],
      [0, 1, 0],
    ],
    [
      'a cycle that another one waits for',
      [
        [0, [1]],
        [1, [2]],
        [2, [1]],
      ],
      [1, 2, 1],
    ],
    [
      'one of several that are waited for',
      [
        [0, [2, 1]],
        [1, [0]],
      ],
      [0, 1, 0],
    ],
    [
      'nobody, where the last one has ended',
      [
        [0, [1]],
        [1, [2]],
      ],
      [],
    ],
    ['nobody, where nobody waits', [], []],
  ])('finds %s', (_what, waits, cycle) => {
    expect(cycleOf(new Map(waits))).toEqual(cycle);
  });
});
