import { describe, expect, it } from 'vitest';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { StatelessSearch } from '../../../src/search/stateless/stateless-search.js';
import type { ClassLimits } from '../../../src/search/stateless/stateless-search.js';
import type { ClassResult } from '../../../src/search/stateless/unit-result.js';
import { qsbr, urcuCounter } from './programs/grace-periods.js';
import { indexer, lastZero } from './programs/hash-table.js';
import { LOCKS, increments } from './programs/locks.js';
import { dekker, peterson } from './programs/mutual-exclusion.js';
import { philosophers } from './programs/philosophers.js';
import { seqlock } from './programs/seqlock.js';
import { each, scenarioFor } from './programs/shared-words.js';
import type { WordProgram } from './programs/shared-words.js';
import { treiberPush } from './programs/treiber-stack.js';

const LIMITS: ClassLimits = { kernelEvents: Infinity, executions: 100_000, decisions: 1000 };

/** Memory that is quick to make. */
const SMALL = { memoryBytes: 2 ** 22 };

function searched(program: WordProgram, memory: MemoryModelName): ClassResult {
  return new StatelessSearch(scenarioFor(program, memory), SMALL).run(LIMITS);
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

type Row = readonly [name: string, program: WordProgram, classes: number];

const row = (program: WordProgram, classes: number, name = program.name): Row => [
  name,
  program,
  classes,
];

/** Counts that two other tools agree on; the same under `sc` and `tso`. */
const ROWS: readonly Row[] = [
  row(lastZero(5), 64),
  row(lastZero(10), 3328),
  row(indexer(11), 1),
  row(indexer(12), 8),
  row(indexer(13), 64),
  row(indexer(14), 512),
  ...Object.entries(LOCKS).flatMap(([name, lock]) =>
    [2, 3, 4].map((n) =>
      row(increments(lock, n), factorial(n), `increment(${n}) under a ${name} lock`),
    ),
  ),
  ...[2, 3, 4, 5].map((n) =>
    row(
      philosophers(n, true, () => undefined),
      2 ** n - 2,
    ),
  ),
  row(dekker(true), 7),
  row(peterson(true), 14),
  row(seqlock(1), 11),
  row(seqlock(2), 37),
  row(treiberPush(2), 4),
  row(treiberPush(3), 60),
  row(qsbr(1), 2),
  row(qsbr(2), 4),
  row(urcuCounter(true), 3),
];

describe.each(['sc', 'tso'] as const)(
  'under %s the search executes once each class of',
  (memory) => {
    it.each(ROWS)('%s', (_name, program, classes) => {
      const result = searched(program, memory);
      expect(result).toMatchObject({ end: 'all', classes, redundant: 0 });
      expect(result.executions).toBe(classes + result.blocked);
    });

    it.each([2, 3, 4])(
      '%i philosophers who may all take their left fork, one of them a deadlock',
      (n) => {
        let meals = 0;
        let deadlocks = 0;
        let blocked = 0;
        const program = philosophers(n, false, () => (meals += 1));
        const search = new StatelessSearch(scenarioFor(program, memory), SMALL);
        const result = search.run(LIMITS, (counts) => {
          if (counts.blocked > blocked && meals === 0) deadlocks += 1;
          blocked = counts.blocked;
          meals = 0;
        });
        expect(deadlocks).toBe(1);
        expect(result.classes + deadlocks).toBe(2 ** n - 1);
      },
    );
  },
);

describe('without its fence', () => {
  it.each([
    ['Dekker try', dekker(false)],
    ['Peterson try', peterson(false)],
    ['urcu counter', urcuCounter(false)],
  ])('%s passes under sc and fails under tso', (_name, program) => {
    expect(searched(program, 'sc')).toMatchObject({ end: 'all' });
    const failing = searched(program, 'tso');
    expect(failing.end).toBe('finding');
    expect(failing.finding?.kind).toBe('assertion');
    expect(failing.decisions?.length).toBeGreaterThan(0);
  });
});

describe('a wait', () => {
  it('that is met by some writes and not by others is tried with each of those that meet it', () => {
    const values = [0, 1, 0, 2];
    const waiting: WordProgram = {
      name: 'waiting',
      words: 1,
      threads: [
        function* writer(t, { at }) {
          for (const value of values) yield* t.store(at(0), value);
        },
        function* waiter(t, { at }) {
          yield* t.waitUntilNotEqual(at(0), 0);
        },
      ],
    };
    expect(searched(waiting, 'sc')).toMatchObject({ end: 'all', classes: 2, blocked: 0 });
    expect(searched(waiting, 'tso')).toMatchObject({ end: 'all', classes: 2, blocked: 0 });
  });

  it('that another thread may undo in time is blocked in one class, and met in the others', () => {
    const undone: WordProgram = {
      name: 'undone',
      words: 1,
      threads: [
        function* setter(t, { at }) {
          yield* t.store(at(0), 1);
        },
        function* clearer(t, { at }) {
          yield* t.store(at(0), 0);
        },
        function* waiter(t, { at }) {
          yield* t.waitUntilNotEqual(at(0), 0);
        },
      ],
    };
    for (const memory of ['sc', 'tso'] as const)
      expect(searched(undone, memory)).toMatchObject({
        end: 'all',
        classes: 2,
        blocked: 1,
        executions: 3,
        redundant: 0,
      });
  });

  it('starts met and is undone: both ends of it are found', () => {
    const met: WordProgram = {
      name: 'met at first',
      words: 2,
      initial: { 0: 1 },
      threads: [
        function* waiter(t, { at }) {
          yield* t.store(at(1), 1);
          yield* t.waitUntilNotEqual(at(0), 0);
        },
        ...each<WordProgram['threads'][number]>(1, () => {
          return function* clearer(t, { at }) {
            yield* t.load(at(1));
            yield* t.store(at(0), 0);
          };
        }),
      ],
    };
    // Met: the load finds 0 or 1. Blocked: again either.
    expect(searched(met, 'sc')).toMatchObject({ end: 'all', classes: 2, blocked: 2 });
  });
});
