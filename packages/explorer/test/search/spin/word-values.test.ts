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
