import { describe, expect, it } from 'vitest';
import { ComponentTable } from '../../../src/search/states/component-table.js';

describe('a table of components', () => {
  it('numbers words as they come, and the same words the same, also when it has grown', () => {
    const table = new ComponentTable();
    const words = (i: number): Int32Array => Int32Array.of(i, i >> 3, 7, i * i);
    for (let i = 0; i < 2000; i++) expect(table.intern(words(i), 4)).toBe(i);
    for (let i = 0; i < 2000; i += 37) expect(table.intern(words(i), 4)).toBe(i);
    expect(table.size).toBe(2000);
    expect([...table.words(9)]).toEqual([9, 1, 7, 81]);
  });

  it('tells words apart from the same words with more behind them', () => {
    const table = new ComponentTable();
    const words = Int32Array.of(1, 2, 0);
    expect([table.intern(words, 3), table.intern(words, 2), table.intern(words, 0)]).toEqual([
      0, 1, 2,
    ]);
    expect(table.intern(words, 2)).toBe(1);
  });
});
