import { expect, it } from 'vitest';
import { KnownRounds } from '../../../src/search/spin/known-rounds.js';
import { WordValues } from '../../../src/search/spin/word-values.js';

const READ = { address: 64, physical: 64, size: 4, value: 0, newer: 0 };

it('knows what a word has held, once each, and what that makes of its bytes', () => {
  const values = new WordValues();
  for (const value of [0x0201, 0, 0x0101, 0]) values.learn(16, value);
  expect(values.at(64, 4)).toEqual([0, 0x0101, 0x0201]);
  expect(values.at(65, 1)).toEqual([0, 1, 2]);
  expect(values.at(66, 4)).toEqual([]);
  expect(values.version).toBe(3);
});

it('remembers the least of many values, whenever they came, and tells by a number whether there are others', () => {
  const values = Array.from({ length: 40 }, (_, n) => (n * 7) % 40);
  const [up, down] = [new WordValues(), new WordValues()];
  for (const value of values) up.learn(16, value);
  for (const value of [...values].reverse()) down.learn(16, value);
  expect(up.of([16])).toEqual([[16, ...Array.from({ length: 16 }, (_, n) => n)]]);
  expect(down.of([16])).toEqual(up.of([16]));
  const stamp = up.stampOf([16]);
  up.learn(16, 40);
  expect(up.stampOf([16])).toBe(stamp);
  up.learn(16, -1);
  expect(up.stampOf([16])).not.toBe(stamp);
});

it('a round is out of date where a word that mattered holds more, and is known again where it is found again', () => {
  const known = new KnownRounds();
  known.values.learn(16, 0);
  known.add('here', [READ], 1, false, [16]);
  known.values.learn(17, 0);
  expect(known.isOutdated('here')).toBe(false);
  known.values.learn(16, 1);
  expect(known.isOutdated('here')).toBe(true);
  expect(known.dropOutdated()).toBe(true);
  expect(known.dropOutdated()).toBe(false);
  expect(known.at('here')).toEqual([]);
  expect(known.readsSeen('here')).toBe(0);
  known.add('here', [READ], 1, false, [16]);
  expect(known).toMatchObject({ places: 1, revisions: 0 });
  known.add('here', [READ, READ], 2, false, [16]);
  expect(known).toMatchObject({ places: 2, revisions: 1 });
});
