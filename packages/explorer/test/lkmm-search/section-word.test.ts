import { describe, expect, it } from 'vitest';
import { freeSection, isOpen, moveOn } from '../../src/lkmm-search/section-word.js';

describe('a word of section counters', () => {
  it('hands out the first section that is not open, and only as many as there are', () => {
    const first = moveOn(0, 0);
    expect([isOpen(first, 0), isOpen(first, 1), freeSection(first, 2)]).toEqual([true, false, 1]);
    expect(freeSection(moveOn(first, 1), 2)).toBe(-1);
  });

  it('tells a section from the one before it, and leaves the neighbours alone when it wraps', () => {
    let word = moveOn(0, 1);
    const seen = new Set<number>();
    for (let i = 0; i < 16; i++) seen.add((word = moveOn(word, 0)));
    expect(seen.size).toBe(16);
    expect(word).toBe(moveOn(0, 1));
  });

  it('has no sections below 0 or above 7, and one in its highest bits', () => {
    expect([isOpen(-1, -1), isOpen(-1, 8), isOpen(moveOn(0, 7), 7)]).toEqual([false, false, true]);
  });
});
