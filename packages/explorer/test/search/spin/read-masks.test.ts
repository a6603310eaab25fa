import { Machine, NO_DECISION } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director, ThreadBody } from '@rseqlab/sim-machine';
import { expect, it } from 'vitest';
import { ReadMasks } from '../../../src/search/spin/read-masks.js';

/** Whether a thread is ever found that may be about to read what it has read. */
function isFound(body: (words: number) => ThreadBody, memory: 'sc' | 'tso' = 'sc'): boolean {
  const possible: Decision[] = [];
  let found = false;
  let mayFind: (point: DecisionPoint) => boolean = () => false;
  const first: Director = {
    name: 'first',
    scheduling: 'free',
    granularity: 'access',
    decide(point) {
      found ||= mayFind(point);
      return point.enumerate(possible) === 0 ? NO_DECISION : possible[0]!;
    },
    choose: () => 0,
  };
  const events = { preemption: false, migration: false };
  const machine = new Machine({ cpus: 2, maxThreads: 2, memory, events }, first);
  const masks = new ReadMasks(machine);
  mayFind = (point) => masks.mayFind(point);
  machine.attach({ shadow: masks });
  machine.reset(first);
  const process = machine.createProcess('main');
  process.spawn(body(process.allocate(64)));
  expect(machine.run().outcome).toBe('finished');
  return found;
}

it('finds a thread that is about to read what it read, after any number of other reads', () => {
  const reading = (others: number) => (words: number) =>
    function* reader(t: Parameters<ThreadBody>[0]) {
      yield* t.load(words);
      for (let n = 1; n <= others; n++) yield* t.load(words + 4 * n);
      yield* t.load(words);
    };
  for (const others of [0, 1, 15]) expect(isFound(reading(others))).toBe(true);
});

it('takes an exchange that changes nothing for a read', () => {
  const exchanging = (value: number) => (words: number) =>
    function* exchanger(t: Parameters<ThreadBody>[0]) {
      yield* t.exchange(words, value);
      yield* t.exchange(words, value);
    };
  expect(isFound(exchanging(0))).toBe(true);
  expect(isFound(exchanging(1), 'tso')).toBe(false);
});

it.each(['sc', 'tso'] as const)('finds none that stores in between, under %s', (memory) => {
  const counting = (words: number): ThreadBody =>
    function* counter(t) {
      for (let n = 0; n < 3; n++)
        yield* t.store(words, (yield* t.load(words)) + (yield* t.load(words + 4)));
    };
  expect(isFound(counting, memory)).toBe(false);
});
