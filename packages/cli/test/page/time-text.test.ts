import { expect, it } from 'vitest';
import { timeText } from '../../page/time-text.js';

it.each([
  [0, 1, '0 ns'],
  [999, 1, '999 ns'],
  [1_000, 1, '1 us'],
  [12_500, 100, '12.5 us'],
  [12_345, 1, '12.345 us'],
  [12_345, 1_000, '12 us'],
  [3_000_000, 1_000_000, '3 ms'],
  [-1_500_000_000, 1_000_000, '-1.5 s'],
  [0.25, 0.01, '0.25 ns'],
])('%d ns, told apart by %d, are %s', (ns, step, text) => {
  expect(timeText(ns, step)).toBe(text);
});
