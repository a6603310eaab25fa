import { expect, it } from 'vitest';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import type { Scenario } from '../../../src/scenario.js';
import { StatelessSearch } from '../../../src/search/stateless/stateless-search.js';
import type { Part } from '../../findings/programs.js';
import { everyInterleaving } from '../stateless/every-interleaving.js';
import { apart, handsOn, spinsOnBoth, stores } from './spinning-programs.js';

const LIMITS = { kernelEvents: 0, executions: 10_000, decisions: 1000 };

function program(parts: readonly Part[], memory: MemoryModelName): Scenario {
  return apart(parts, { machine: { cpus: parts.length, memory }, allowBlocked: true });
}

/** Classes that a search finds, after a comparison with all interleavings. */
function classesOf(parts: readonly Part[], memory: MemoryModelName): number {
  const all = everyInterleaving(program(parts, memory), 0, 2000, 'held back')!;
  const result = new StatelessSearch(program(parts, memory)).run(LIMITS);
  expect(result.end).toBe('all');
  expect(result.blocked > 0).toBe(all.isBlocked);
  expect(result.classes).toBe(all.graphs.size);
  return result.classes;
}

const sets = stores(0, 1);
const PARTS = { sets, handsOn, spinsOnBoth };

it.each<readonly (keyof typeof PARTS)[]>([
  ['sets', 'handsOn', 'spinsOnBoth'],
  ['sets', 'spinsOnBoth', 'handsOn'],
  ['handsOn', 'sets', 'spinsOnBoth'],
  ['handsOn', 'spinsOnBoth', 'sets'],
  ['spinsOnBoth', 'sets', 'handsOn'],
  ['spinsOnBoth', 'handsOn', 'sets'],
])('one that reads two words is gone through in any order of threads: %s, %s, %s', (...names) => {
  const parts = names.map((name) => PARTS[name]);
  // Whether the second thread looks too soon, and what the third reads in its first round: 2 times 4.
  expect(classesOf(parts, 'sc')).toBe(8);
});

/** Stores, and waits for another's store to the same word. */
const waitsForOther: Part = function* waitsForOther(t, [word]) {
  yield* t.store(word!, 2);
  while ((yield* t.load(word!)) === 2);
};

it.each(['sc', 'tso'] as const)(
  'under %s a thread spins on what it has stored itself',
  (memory) => {
    // Where the other store comes first it waits for good; else it looks too soon, or not.
    expect(classesOf([waitsForOther, sets], memory)).toBe(2);
  },
);

/** Stores, and goes round a loop with a fence in it. */
const waitsWithFence: Part = function* waitsWithFence(t, [first, second]) {
  yield* t.store(first!, 1);
  while ((yield* t.load(second!)) === 0) yield* t.fence();
};

it('a thread spins round a fence whether or not its store has reached memory', () => {
  const classes = classesOf([waitsWithFence, stores(1, 1)], 'tso');
  expect(classes).toBe(classesOf([waitsWithFence, stores(1, 1)], 'sc'));
});

/** Waits for the second byte of a word. */
const waitsForByte: Part = function* waitsForByte(t, [word]) {
  while ((yield* t.load8(word! + 1)) === 0);
};

it.each([
  [[0, 0, 1], 2],
  [[1, 1, 0], 4],
])(
  'a thread that spins on a byte is woken by stores to it alone: to bytes %j, %d classes',
  (bytes, classes) => {
    const setsBytes: Part = function* setsBytes(t, [word]) {
      for (const byte of bytes) yield* t.store8(word! + byte, 1);
    };
    const result = new StatelessSearch(program([waitsForByte, setsBytes], 'sc')).run(LIMITS);
    expect(result).toMatchObject({ end: 'all', blocked: 0, classes });
  },
);
