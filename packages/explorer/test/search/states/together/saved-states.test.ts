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
import { scenario as scenarioOf } from '../../../../src/scenario.js';
import type { Scenario } from '../../../../src/scenario.js';
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
    const from = kept(begun.soFar!, shape);
    expect(searchTogether(scenario, options, { lanes: 3, from }).value).toEqual(whole);
  });

  it('knows whose words are, where states are left out', () => {
    const options = { ...LIMITS, reduce: true };
    const { finding, ...fewer } = new StateSearch(glancing, { reduce: true }).run(limitsOf(LIMITS));
    expect(finding).toBeUndefined();
    expect(fewer.states).toBeLessThan(new StateSearch(glancing).run(limitsOf(LIMITS)).states);
    const begun = searchTogether(glancing, options, { lanes: 2, keeps: true, stopAfter: 60 });
    expect(begun.next()).toBeDefined();
    const from = kept(begun.soFar!, shapeOf(glancing, options));
    expect(from.owners.some(({ isReliedOn }) => isReliedOn)).toBe(true);
    // One pass took a word for one thread's alone that another looks at.
    expect(from.pass).toMatchObject({ number: 1, shared: [expect.any(Number)] });
    expect(searchTogether(glancing, options, { lanes: 3, from }).value).toEqual(fewer);
  });
});

/** Threads that write words of their own, at one of which the last one looks in the end. */
const glancing: Scenario = scenarioOf({
  name: 'a glance at the word of another',
  machine: { cpus: 2, maxThreads: 3, maxProcesses: 1 },
  setup(lab) {
    const words = lab.process.allocate(64);
    for (let own = words; own < words + 12; own += 4)
      lab.spawn(function* write(t) {
        for (let value = 1; value <= 3; value++) yield* t.store(own, value);
        yield* t.fetchAdd(words + 16, 1);
        if (own === words + 8) yield* t.load(words);
      });
    return words;
  },
  check(words, lab) {
    lab.expectEqual(lab.process.read32(words + 16), 3, 'the sum');
  },
});
