import { expect, it } from 'vitest';
import { KnownRounds } from '../../../src/search/spin/known-rounds.js';

const READ = { address: 64, physical: 64, size: 4, value: 0, newer: 0 };

it('says of a place where nobody was looked at that no read was seen there', () => {
  const known = new KnownRounds();
  expect(known.at('here')).toEqual([]);
  expect(known.readsSeen('here')).toBe(0);
});

it('tells a place where a thread does not spin on so many reads from one where it does', () => {
  const known = new KnownRounds();
  known.add('here', [], 1);
  expect(known.readsSeen('here')).toBe(1);
  expect(known.places).toBe(0);
  known.add('here', [READ, READ], 2);
  expect(known.at('here')).toHaveLength(2);
  expect(known.places).toBe(1);
});
