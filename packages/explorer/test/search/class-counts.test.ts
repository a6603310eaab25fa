import { describe, expect, it } from 'vitest';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import type { CheckResult } from '../../src/search/check.js';
import { accumulate, fetchAdd, increment, load, scenarioOf, store } from './straight-line.js';
import type { Initial, Program } from './straight-line.js';

/** Threads 0 to n - 1. */
function each<Item>(n: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: n }, (_, index) => make(index));
}

const storeBuffering = (n: number): Program => each(n, (i) => [store(i), load((i + 1) % n)]);
const messagePassing: Program = [
  [store(0), store(1)],
  [load(1), load(0)],
];
const loadBuffering: Program = [
  [load(0), store(1)],
  [load(1), store(0)],
];
const twoPlusTwoWrites: Program = [
  [store(0, 1), store(1, 2)],
  [store(1, 1), store(0, 2)],
];
const readers = (n: number): Program => [[store(0)], ...each(n, () => [load(0)])];
const writers = (n: number): Program => [...each(n, (i) => [store(0, i + 1)]), [load(0)]];
const racyIncrement = (n: number): Program => each(n, () => [increment(0)]);
const fetchAdds = (n: number): Program => each(n, () => [fetchAdd(0)]);
const fibonacci = (n: number): Program => [
  each(n, () => accumulate(0, 1)),
  each(n, () => accumulate(1, 0)),
];
const twoWriters = (n: number): Program => each(2, (i) => each(n, (k) => store(0, 10 * i + k + 1)));
type Row = readonly [
  name: string,
  program: Program,
  sc: number,
  tso: number,
  initial: Initial | undefined,
];

function row(name: string, program: Program, sc: number, tso: number = sc, initial?: Initial): Row {
  return [name, program, sc, tso, initial];
}

/** Classes that two tools, and for the small ones a brute-force enumerator, agree on. */
const ROWS: readonly Row[] = [
  row('SB(2)', storeBuffering(2), 3, 4),
  row('SB(3)', storeBuffering(3), 7, 8),
  row('SB(4)', storeBuffering(4), 15, 16),
  row('MP', messagePassing, 3, 3),
  row('LB', loadBuffering, 3, 3),
  row('2+2W', twoPlusTwoWrites, 3, 3),
  ...each(5, (i) => row(`readers(${i + 2})`, readers(i + 2), 2 ** (i + 2))),
  row('writers(2) + reader', writers(2), 6, 6),
  row('writers(3) + reader', writers(3), 24, 24),
  row('writers(4) + reader', writers(4), 120, 120),
  row('racy increment(2)', racyIncrement(2), 4, 4),
  row('racy increment(3)', racyIncrement(3), 36, 36),
  row('racy increment(4)', racyIncrement(4), 576, 576),
  row('fetch_add(2)', fetchAdds(2), 2, 2),
  row('fetch_add(3)', fetchAdds(3), 6, 6),
  row('fetch_add(4)', fetchAdds(4), 24, 24),
  row('fetch_add(5)', fetchAdds(5), 120, 120),
  row('fib(1)', fibonacci(1), 3, 3, [1, 1]),
  row('fib(2)', fibonacci(2), 19, 20, [1, 1]),
  row('fib(3)', fibonacci(3), 141, 175, [1, 1]),
  row('two writers x 2 stores', twoWriters(2), 6, 6),
  row('two writers x 3 stores', twoWriters(3), 20, 20),
  row('two writers x 4 stores', twoWriters(4), 70, 70),
];

function searched(
  program: Program,
  memory: 'sc' | 'tso',
  initial: Initial | undefined,
): CheckResult {
  return check(scenarioOf(program, memory, new Set(), initial));
}

describe('an exhaustive search finds exactly the classes of', () => {
  it.each(ROWS)('%s', (_name, program, sc, tso, initial) => {
    for (const [memory, classes] of [
      ['sc', sc],
      ['tso', tso],
    ] as const)
      expect(searched(program, memory, initial)).toMatchObject({
        outcome: 'holds',
        classes,
        blocked: 0,
        kernelEvents: 0,
      });
  });

  it.each([
    [2, 5],
    [3, 12],
    [4, 28],
    [5, 64],
  ])('lastzero(%i)', (n, classes) => {
    expect(check(lastZero(n))).toMatchObject({ outcome: 'holds', classes });
    if (n < 5)
      expect(check(lastZero(n), { machine: { memory: 'tso' } })).toMatchObject({ classes });
  });
});

/** n threads with array[i + 1] = array[i] + 1, and one that looks for the last zero from behind. */
function lastZero(n: number): Scenario {
  return scenario({
    name: `lastzero(${n})`,
    machine: { cpus: n + 1, maxThreads: n + 1, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    setup(lab) {
      const array = lab.process.allocate(64 * (n + 1));
      lab.spawn(function* reader(t) {
        let i = n;
        while ((yield* t.load(array + 64 * i)) !== 0) i -= 1;
      });
      for (let i = 0; i < n; i++)
        lab.spawn(function* writer(t) {
          yield* t.store(array + 64 * (i + 1), (yield* t.load(array + 64 * i)) + 1);
        });
    },
  });
}
