import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import { Mutex, futexWait, futexWake } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import type { FindingKind } from '../../src/finding.js';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import type { SearchName } from '../../src/search/strategies.js';
import { programOf } from './programs.js';
import type { Part } from './programs.js';

const holdsBoth = (first: number, second: number): Part =>
  function* locker(t, words) {
    const mutexes = [new Mutex(words[first]!), new Mutex(words[second]!)];
    for (const mutex of mutexes) yield* mutex.lock(t);
    for (const mutex of mutexes) yield* mutex.unlock(t);
  };

function* publishesAndFrees(...[t, [word], lab]: Parameters<Part>) {
  const block = yield* lab.heap.malloc(t, 4);
  yield* t.storeRelease(word!, block);
  yield* lab.heap.free(t, block);
}

function* uses(...[t, [word]]: Parameters<Part>) {
  const block = yield* t.loadAcquire(word!);
  if (block !== 0) yield* t.load(block);
}

const BROKEN: readonly (readonly [FindingKind, Scenario])[] = [
  ['deadlock', programOf([holdsBoth(0, 1), holdsBoth(1, 0)])],
  ['use-after-free', programOf([publishesAndFrees, uses], { detect: ['memory'] })],
  [
    'lost-wakeup',
    programOf([
      function* sleeper(t, [word, door]) {
        if ((yield* t.loadAcquire(word!)) === 0) yield* futexWait(t, door!, 0);
      },
      function* waker(t, [word, door]) {
        yield* t.storeRelease(word!, 1);
        yield* futexWake(t, door!, 1);
      },
    ]),
  ],
  [
    'unsatisfied-await',
    programOf([
      function* awaiter(t, [word]) {
        yield* t.waitUntilEqual(word!, 1);
      },
    ]),
  ],
];

/** The same with the mistake mended. */
const CORRECT: readonly (readonly [FindingKind, Scenario])[] = [
  ['deadlock', programOf([holdsBoth(0, 1), holdsBoth(0, 1)])],
  [
    'lost-wakeup',
    programOf([
      function* sleeper(t, [word]) {
        while ((yield* t.loadAcquire(word!)) === 0) yield* futexWait(t, word!, 0);
      },
      function* waker(t, [word]) {
        yield* t.storeRelease(word!, 1);
        yield* futexWake(t, word!, 1);
      },
    ]),
  ],
  [
    'unsatisfied-await',
    programOf([
      function* awaiter(t, [word]) {
        yield* t.waitUntilEqual(word!, 1);
      },
      function* storer(t, [word]) {
        yield* t.storeRelease(word!, 1);
      },
    ]),
  ],
];

const EXHAUSTIVE: readonly SearchName[] = ['graphs', 'classes', 'states'];
const SEARCHES: readonly SearchName[] = [...EXHAUSTIVE, 'random', 'pct', 'walk'];

describe.each(SEARCHES)('the search %s', (search) => {
  it.each(BROKEN)('finds %s', (kind, broken) => {
    expect(check(broken, { search })).toMatchObject({ outcome: 'fails', finding: { kind } });
  });
});

describe.each(EXHAUSTIVE)('the search %s', (search) => {
  it.each(CORRECT)('finds no %s where there is none', (_kind, correct) => {
    const result = check(correct, { search, kernelEvents: 1 });
    expect(result).not.toMatchObject({ outcome: 'fails' });
    expect(result.executions).toBeGreaterThan(1);
  });
});

describe('data races', () => {
  const racy = programOf(
    [1, 2].map(
      (value): Part =>
        function* stores(t, [word]) {
          yield* t.store(word!, value);
        },
    ),
    { detect: ['races'] },
  );

  it.each(['graphs', 'random', 'pct', 'walk'] as const)('are found by the search %s', (search) => {
    expect(check(racy, { search }).finding).toMatchObject({ kind: 'race' });
  });

  it('are not looked for by a search that takes states for one that differ in their past', () => {
    expect(() => check(racy, { search: 'states' })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    );
  });

  it('are none where restartable sequences meet on their CPU', () => {
    const counting = scenario({
      name: 'per-CPU counter',
      machine: { cpus: 1, kernel: [rseq()] },
      detect: ['races'],
      setup(lab) {
        const counter = PerCpuCounter.create(lab.machine, lab.process);
        for (let i = 0; i < 2; i++)
          lab.spawn(function* add(t) {
            yield* counter.add(t, 1);
          });
      },
    });
    expect(check(counting)).toMatchObject({ outcome: 'holds' });
  });
});
