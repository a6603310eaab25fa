import { describe, expect, it } from 'vitest';
import { StateSearch } from '../../../../src/search/states/state-search.js';
import { limitsOf } from '../../../../src/search/check-limits.js';
import {
  restoredStates,
  savedHead,
  savedWords,
} from '../../../../src/search/states/together/saved-states.js';
import type { SavedHead } from '../../../../src/search/states/together/saved-states.js';
import type { SearchShape } from '../../../../src/search/states/together/search-memory.js';
import type { SearchedStates } from '../../../../src/search/states/together/state-rounds.js';
import type { StateIdentity } from '../../../../src/search/states/state-key.js';
import { counting } from '../state-scenarios.js';
import { searchTogether, shapeOf } from './in-turns.js';

/** Passes what is kept through JSON and bytes, as a file does. */
function kept(states: SearchedStates, shape: SearchShape): SearchedStates {
  const head = JSON.parse(JSON.stringify(savedHead(states, shape))) as SavedHead;
  const chunks: (Int32Array | undefined)[] = [];
  for (const section of savedWords(states, shape)) {
    for (const words of section) chunks.push(words.slice());
    chunks.push(undefined);
  }
  return restoredStates(head, shape, () => chunks.shift());
}

const LIMITS = { kernelEvents: 1 };
const scenario = counting(3, 1);
const whole = new StateSearch(scenario).run(limitsOf(LIMITS));

describe('a search that is kept', () => {
  it.each<[number, StateIdentity]>([
    [1, 64],
    [9, 64],
    [4, 128],
    [14, 'whole'],
  ])('after %d rounds leads to the same end, by an identity of %s', (stopAfter, fingerprint) => {
    const options = { ...LIMITS, fingerprint };
    const shape = shapeOf(scenario, options);
    const begun = searchTogether(scenario, options, { lanes: 2, keeps: true, stopAfter });
    expect(begun.next()).toBeDefined();
    expect(begun.counts.states).toBeLessThan(whole.states);
    const from = kept(begun.soFar, shape);
    expect(searchTogether(scenario, options, { lanes: 3, from }).value).toEqual(whole);
  });
});
