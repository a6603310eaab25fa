import { describe, expect, it } from 'vitest';
import { SeededJitter } from '../../src/director/jitter.js';

function numbers(jitter: SeededJitter, count: number, limit = 1000): number[] {
  return Array.from({ length: count }, () => jitter.below(limit));
}

describe('SeededJitter', () => {
  it('is the same for the same seed, and after a restart', () => {
    const jitter = new SeededJitter(7);
    const first = numbers(jitter, 20);
    expect(numbers(new SeededJitter(7), 20)).toEqual(first);
    jitter.restart();
    expect(numbers(jitter, 20)).toEqual(first);
  });

  it('begins differently for neighbouring seeds, and stays in range', () => {
    const firsts = Array.from({ length: 200 }, (_, seed) => numbers(new SeededJitter(seed), 1)[0]!);
    expect(new Set(firsts).size).toBeGreaterThan(150);
    expect(Math.min(...firsts)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...firsts)).toBeLessThan(1000);
    const rising = firsts.slice(1).filter((value, n) => value > firsts[n]!).length;
    expect(rising).toBeGreaterThan(60);
    expect(rising).toBeLessThan(140);
  });
});
