import { Mutex } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/search/check.js';
import { failureOf, programOf } from './programs.js';
import type { Part, Twins } from './programs.js';

const races = { detect: ['races'] } as const;

function* increment(...[t, [word]]: Parameters<Part>) {
  const value = yield* t.load(word!);
  yield* t.store(word!, value + 1);
}

function* incrementAtomically(...[t, [word]]: Parameters<Part>) {
  yield* t.fetchAdd(word!, 1);
}

function* incrementLocked(...[t, [word, lock]]: Parameters<Part>) {
  const mutex = new Mutex(lock!);
  yield* mutex.lock(t);
  yield* increment(t, [word!], undefined as never);
  yield* mutex.unlock(t);
}

const send = (isReleased: boolean): Part =>
  function* sender(t, [data, flag]) {
    yield* t.store(data!, 7);
    if (isReleased) yield* t.storeRelease(flag!, 1);
    else yield* t.store(flag!, 1);
  };

const receive = (isAcquired: boolean): Part =>
  function* receiver(t, [data, flag]) {
    const isSent = isAcquired ? yield* t.loadAcquire(flag!) : yield* t.load(flag!);
    if (isSent === 1) yield* t.load(data!);
  };

const TWINS: readonly Twins[] = [
  {
    what: 'a plain increment',
    broken: programOf([increment, increment], races),
    finds: { kind: 'race', thread: 1 },
    correct: programOf([incrementAtomically, incrementAtomically], races),
  },
  {
    what: 'a plain increment of two threads that take turns on one CPU',
    broken: programOf([increment, increment], { ...races, machine: { cpus: 1 } }),
    finds: { kind: 'race' },
    correct: programOf([incrementLocked, incrementLocked], { ...races, machine: { cpus: 1 } }),
  },
  {
    what: 'an increment by one thread without the lock of the other',
    broken: programOf([incrementLocked, increment], races),
    finds: { kind: 'race' },
    correct: programOf([incrementLocked, incrementLocked], races),
  },
  {
    what: 'a message behind a flag that is not released',
    broken: programOf([send(false), receive(true)], races),
    finds: { kind: 'race' },
    correct: programOf([send(true), receive(true)], races),
  },
  {
    what: 'a message in front of a flag that is not acquired',
    broken: programOf([send(true), receive(false)], races),
    finds: { kind: 'race' },
    correct: programOf([send(true), receive(true)], races),
  },
];

describe('a data race', () => {
  it.each(TWINS)('is found: $what', ({ broken, finds }) => {
    expect(check(broken)).toMatchObject({ outcome: 'fails', finding: finds });
  });

  it.each(TWINS)('is not found in the twin of $what', ({ correct }) => {
    expect(check(correct)).toMatchObject({ outcome: 'holds' });
  });

  it('is looked for only where the scenario asks for it', () => {
    expect(check(programOf([increment, increment]))).toMatchObject({ outcome: 'holds' });
  });

  it('is none between two accesses to marked data', () => {
    const marked = programOf([
      send(false),
      function* (t, [, flag], lab) {
        lab.mark(flag!, 4);
        yield* t.load(flag!);
      },
    ]);
    expect(check({ ...marked, ...races })).toMatchObject({ outcome: 'holds' });
  });

  it('has both places: thread, CPU, what it did and the line', () => {
    const trace = failureOf(programOf([increment, increment], races))!;
    expect(trace.finding?.message).toMatch(
      /^expected accesses to 0x10000000 in an order, got \w+ of 4 bytes at 0x10000000 by T\d increment and \w+ of 4 bytes at 0x10000000 by T\d increment, which nothing orders$/,
    );
    const [other, access] = trace.finding!.places!;
    expect(new Set([other!.thread, access!.thread])).toEqual(new Set([0, 1]));
    expect(new Set([other!.cpu, access!.cpu])).toEqual(new Set([0, 1]));
    for (const place of [other!, access!]) {
      expect(place.source?.file).toBe('races.test.ts');
      expect(place.instruction).toMatch(/^(load|store)32$/);
      const row = trace.rows.find(({ index }) => index === place.decision);
      expect(row).toMatchObject({ thread: place.thread, cpu: place.cpu, source: place.source });
    }
  });
});
