import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Combinations, NO_CHANGE } from '../../../src/search/states/combinations.js';

/** The words of a combination of so many. */
function wordsOf(combinations: Combinations, number: number, width: number): number[] {
  const words = new Int32Array(width + 1);
  combinations.read(number, words, 1);
  return [...words.subarray(1)];
}

describe('combinations', () => {
  it('have one number for the same words, by whatever changes they came about', () => {
    const changes = fc.array(fc.tuple(fc.nat(3), fc.nat(2)), { maxLength: 200 });
    fc.assert(
      fc.property(changes, (list) => {
        const combinations = new Combinations([0, 0, 0, 0]);
        const numbers = new Map([['0,0,0,0', 0]]);
        let words = [0, 0, 0, 0];
        let number = 0;
        for (const [place, value] of list) {
          words = words.map((word, at) => (at === place ? value : word));
          number = combinations.after(number, combinations.change([place, value]));
          expect(number).toBe(numbers.get(words.join()) ?? numbers.size);
          numbers.set(words.join(), number);
          expect(wordsOf(combinations, number, 4)).toEqual(words);
        }
        expect(combinations.size).toBe(numbers.size);
      }),
    );
  });

  it('are left as they are by no change', () => {
    const combinations = new Combinations([7]);
    expect(combinations.change([])).toBe(NO_CHANGE);
    expect(combinations.after(0, NO_CHANGE)).toBe(0);
  });

  it('keep their numbers when they get a place, in which they all hold the same', () => {
    const combinations = new Combinations([1]);
    const change = combinations.change([0, 2]);
    const second = combinations.after(0, change);
    combinations.widen(9);
    expect(wordsOf(combinations, 0, 2)).toEqual([1, 9]);
    expect(wordsOf(combinations, second, 2)).toEqual([2, 9]);
    const third = combinations.after(second, combinations.change([1, 5]));
    expect(wordsOf(combinations, third, 2)).toEqual([2, 5]);
    expect(combinations.after(0, change)).toBe(second);
  });
});
