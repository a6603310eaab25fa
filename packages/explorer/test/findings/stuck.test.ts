import { Mutex, futexWait, futexWake, pthreadCreate, pthreadJoin } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/search/check.js';
import { failureOf, programOf } from './programs.js';
import type { Part, Twins } from './programs.js';

const lockBoth = (first: number, second: number): Part =>
  function* locker(t, words) {
    const locks = [new Mutex(words[first]!), new Mutex(words[second]!)] as const;
    yield* locks[0].lock(t);
    yield* locks[1].lock(t);
    yield* locks[1].unlock(t);
    yield* locks[0].unlock(t);
  };

const spinBoth = (first: number, second: number): Part =>
  function* spinner(t, words) {
    for (const lock of [words[first]!, words[second]!])
      while ((yield* t.compareExchange(lock, 0, 1)) !== 0) yield* t.waitUntilEqual(lock, 0);
    yield* t.storeRelease(words[first]!, 0);
    yield* t.storeRelease(words[second]!, 0);
  };

const unlockAfter = (isUnlocked: boolean): Part =>
  function* owner(t, [lock]) {
    const mutex = new Mutex(lock!);
    yield* mutex.lock(t);
    if (isUnlocked) yield* mutex.unlock(t);
  };

/** Stores to a word, then wakes who sleeps on it. */
function* waker(...[t, [word]]: Parameters<Part>) {
  yield* t.storeRelease(word!, 1);
  yield* futexWake(t, word!, 1);
}

/** Looks at the word, and sleeps on a value that says nothing about what it looked at. */
const sleeper = (isCareful: boolean): Part =>
  function* sleeps(t, [word, other]) {
    if (isCareful) {
      while ((yield* t.loadAcquire(word!)) === 0) yield* futexWait(t, word!, 0);
      return;
    }
    if ((yield* t.loadAcquire(word!)) === 0) yield* futexWait(t, other!, 0);
  };

function* wakerOfOther(...[t, [word, other]]: Parameters<Part>) {
  yield* t.storeRelease(word!, 1);
  yield* futexWake(t, other!, 1);
}

const forgetful = (wakes: boolean): Part =>
  function* setter(t, [word]) {
    yield* t.storeRelease(word!, 1);
    if (wakes) yield* futexWake(t, word!, 1);
  };

const awaits = (value: number): Part =>
  function* awaiter(t, [word]) {
    yield* t.waitUntilEqual(word!, value);
  };

function* setsOne(...[t, [word]]: Parameters<Part>) {
  yield* t.storeRelease(word!, 1);
}

const TWINS: readonly Twins[] = [
  {
    what: 'two mutexes in opposite order',
    broken: programOf([lockBoth(0, 1), lockBoth(1, 0)]),
    finds: {
      kind: 'deadlock',
      cycle: [0, 1],
      message:
        'expected every thread to end, got T0 locker and T1 locker, which wait for each other',
      waits: [
        { thread: 0, resource: 'futex', holder: 1 },
        { thread: 1, resource: 'futex', holder: 0 },
      ],
    },
    correct: programOf([lockBoth(0, 1), lockBoth(0, 1)]),
  },
  {
    what: 'three mutexes in a circle',
    broken: programOf([lockBoth(0, 1), lockBoth(1, 2), lockBoth(2, 0)], { machine: { cpus: 3 } }),
    finds: { kind: 'deadlock', cycle: [0, 1, 2] },
    correct: programOf([unlockAfter(true), unlockAfter(true)], { machine: { cpus: 3 } }),
  },
  {
    what: 'two spin locks in opposite order',
    broken: programOf([spinBoth(0, 1), spinBoth(1, 0)]),
    finds: {
      kind: 'deadlock',
      cycle: [0, 1],
      waits: [
        { thread: 0, resource: 'await', holder: 1, value: 1 },
        { thread: 1, resource: 'await', holder: 0, value: 1 },
      ],
    },
    correct: programOf([spinBoth(0, 1), spinBoth(0, 1)]),
  },
  {
    what: 'a mutex that its owner takes twice',
    broken: programOf([lockBoth(0, 0)]),
    finds: {
      kind: 'deadlock',
      cycle: [0],
      message: 'expected every thread to end, got T0 locker, which waits for itself',
    },
    correct: programOf([lockBoth(0, 1)]),
  },
  {
    what: 'a mutex whose owner ended with it',
    broken: programOf([unlockAfter(false), unlockAfter(true)]),
    finds: {
      kind: 'deadlock',
      waits: [{ thread: 1, resource: 'futex', holder: 0, isHolderGone: true }],
    },
    correct: programOf([unlockAfter(true), unlockAfter(true)]),
  },
  {
    what: 'a join of a thread that waits for its joiner',
    broken: programOf([joining(true)]),
    finds: {
      kind: 'deadlock',
      cycle: [0, 1],
      waits: [
        { thread: 0, resource: 'join', holder: 1, text: 'waits for T1 child to end' },
        { thread: 1, resource: 'futex', holder: 0 },
      ],
    },
    correct: programOf([joining(false)]),
  },
  {
    what: 'a wake-up before the sleep',
    broken: programOf([sleeper(false), wakerOfOther]),
    finds: {
      kind: 'lost-wakeup',
      thread: 0,
      places: [{ role: 'access' }, { role: 'wake', thread: 1 }],
    },
    correct: programOf([sleeper(true), waker]),
  },
  {
    what: 'a store that nobody is woken for',
    broken: programOf([sleeper(true), forgetful(false)]),
    finds: {
      kind: 'lost-wakeup',
      thread: 0,
      message: expect.stringMatching(
        /changed from 0 to 1 by T1 setter without a wake-up$/,
      ) as string,
      places: [{ role: 'access' }, { role: 'other-access', thread: 1 }],
    },
    correct: programOf([sleeper(true), forgetful(true)]),
  },
  {
    what: 'an await of a value that nobody stores',
    broken: programOf([awaits(2), setsOne]),
    finds: {
      kind: 'unsatisfied-await',
      thread: 0,
      message:
        'expected T0 awaiter to see the word at 0x10000000 change from 1, got no thread that is left to change it',
    },
    correct: programOf([awaits(1), setsOne]),
  },
];

/** A thread that joins another while it has, or has not, a lock that the other wants. */
function joining(keepsLock: boolean): Part {
  return function* parent(t, [lock]) {
    const mutex = new Mutex(lock!);
    yield* mutex.lock(t);
    const thread = yield* pthreadCreate(t, function* child(other) {
      yield* mutex.lock(other);
      yield* mutex.unlock(other);
    });
    if (typeof thread === 'number') return;
    if (!keepsLock) yield* mutex.unlock(t);
    yield* pthreadJoin(t, thread);
    if (keepsLock) yield* mutex.unlock(t);
  };
}

describe('threads that can never go on', () => {
  it.each(TWINS)('are found: $what', ({ broken, finds }) => {
    expect(check(broken)).toMatchObject({ outcome: 'fails', finding: finds });
  });

  it.each(TWINS)('are not found in the twin of $what', ({ correct }) => {
    expect(check(correct)).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it('say what each waits for, in words and with its line', () => {
    const { finding } = failureOf(TWINS[0]!.broken)!;
    expect(finding?.waits?.map(({ text }) => text)).toEqual([
      'sleeps on futex 0x10000040 (now 2), which T1 locker took',
      'sleeps on futex 0x10000000 (now 2), which T0 locker took',
    ]);
    expect(finding?.waits?.map(({ source }) => source?.file)).toEqual([
      'stuck.test.ts',
      'stuck.test.ts',
    ]);
  });

  it('are found by a wake-up that the recorded run has before the sleep', () => {
    const trace = failureOf(TWINS[6]!.broken)!;
    const [slept, woke] = trace.finding!.places!;
    expect(woke!.decision).toBeLessThan(slept!.decision);
    expect(trace.rows.find(({ index }) => index === woke!.decision)?.text).toMatch(
      /^futex\(.* = 0$/,
    );
  });
});
