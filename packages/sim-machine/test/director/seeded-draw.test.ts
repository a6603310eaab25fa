import { describe, expect, it } from 'vitest';
import { SeededDraw } from '../../src/director/seeded-draw.js';

const draws = (draw: SeededDraw, count = 20): number[] =>
  Array.from({ length: count }, () => draw.below(1000));

describe('draws from a seed', () => {
  it('are the same from the same seed, also after a restart', () => {
    const first = draws(new SeededDraw(7));
    const used = new SeededDraw(8);
    expect(draws(used)).not.toEqual(first);
    used.restart(7);
    expect(draws(used)).toEqual(first);
  });

  it('are frozen: recorded seeds have to stay what they are', () => {
    expect(draws(new SeededDraw(1), 6)).toEqual([753, 969, 300, 301, 851, 810]);
  });

  it('stay below their bound and reach all of it', () => {
    const draw = new SeededDraw(3);
    const seen = new Set(Array.from({ length: 200 }, () => draw.below(5)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(draw.below(1)).toBe(0);
  });
});
