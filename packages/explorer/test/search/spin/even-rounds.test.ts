import { expect, it } from 'vitest';
import { check } from '../../../src/search/check.js';
import { EvenRounds } from '../../../src/search/spin/even-rounds.js';
import type { Part } from '../../findings/programs.js';
import { apart, spinsOn, stores } from './spinning-programs.js';

it('rounds are alike where each begins as many operations, once one was seen as a whole', () => {
  const rounds = new EvenRounds();
  rounds.begin();
  expect(rounds.ends(2, 2, 7)).toBe(true);
  expect(rounds.isKnown).toBe(false);
  expect(rounds.ends(4, 2, 10)).toBe(true);
  expect(rounds.isKnown).toBe(true);
  expect(rounds.ends(10, 2, 19)).toBe(true);
  expect(rounds.ends(12, 2, 23)).toBe(false);
});

/** Waits longer from round to round, and stores after so many; or never. */
const backsOff = (gaveUp: number): Part =>
  function* backing(t, [word, other]) {
    for (let n = 1; (yield* t.load(word!)) === 0; n++) {
      for (let pause = 0; pause < Math.min(n, 8); pause++) yield* t.fence();
      if (n === gaveUp) yield* t.store(other!, 1);
    }
  };

it('one whose rounds differ is looked at closely: it spins where it changes nothing, and not where it will', () => {
  const classes = (part: Part): number => check(apart([part, stores(0, 1)])).classes;
  expect(classes(backsOff(0))).toBe(classes(spinsOn(0)));
  const late = check(apart([backsOff(100), stores(1, 2)]), { search: 'classes' });
  // It stores before it spins for ever, behind the other store or before it.
  expect(late.finding?.kind).toBe('unsatisfied-await');
});
