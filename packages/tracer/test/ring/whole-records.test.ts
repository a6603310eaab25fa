import { expect, it } from 'vitest';
import { FRAME_COMMITTED, frameWord } from '../../src/ring/frame.js';
import { wholeRecords } from '../../src/ring/whole-records.js';

it('records that are whole are there with their events, and the others are stepped over', () => {
  const words = [
    frameWord(7, 12) | FRAME_COMMITTED,
    ...[0, 70],
    frameWord(8, 16),
    ...[0, 80, 81],
    frameWord(9, 8) | FRAME_COMMITTED,
    0,
  ];
  const memory = { read32: (address: number): number => words[(address - 64) / 4]! };
  expect(wholeRecords(memory, { data: 64, contentBytes: 4 * words.length })).toEqual([
    { eventId: 7, payload: [70] },
    { eventId: 9, payload: [] },
  ]);
});
