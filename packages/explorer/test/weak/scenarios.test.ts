import { ScriptedDirector } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/search/check.js';
import type { CheckOptions, CheckResult } from '../../src/search/check.js';
import { ScenarioRunner } from '../../src/scenario-runner.js';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';
import type { Lab } from '../../src/lab.js';

type Body = (t: Thread, lab: Lab) => Operation<void>;

const X = 0x10000000;
const Y = X + 64;
const POINTER = X + 128;

/** Threads on CPUs of their own, unless events move them. */
function weakly(threads: readonly Body[], more: Partial<Scenario> = {}): Scenario {
  return scenario({
    name: 'threads',
    machine: { cpus: threads.length, memory: 'weak', maxThreads: 4, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    ...more,
    setup(lab) {
      lab.process.allocate(256);
      threads.forEach((body, cpu) =>
        lab.spawn(
          function* thread(t) {
            yield* body(t, lab);
          },
          { cpu },
        ),
      );
    },
  });
}

const checked = (threads: readonly Body[], options?: CheckOptions): CheckResult =>
  check(weakly(threads), options);

function* publish(t: Thread): Operation<void> {
  yield* t.store(X, 1);
  yield* t.storeRelease(POINTER, X);
}

describe('a pointer that is published with a release', () => {
  it('shows a reader that dereferences it what was stored before', () => {
    const result = checked([
      publish,
      function* (t, lab) {
        const pointer = yield* t.dereference(POINTER);
        if (pointer !== 0) lab.expectEqual(yield* t.loadDependent(pointer), 1);
      },
    ]);
    expect(result).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it('shows a reader that loads it plainly what was there before, as a finding that replays', () => {
    const broken = weakly([
      publish,
      function* (t, lab) {
        const pointer = yield* t.load(POINTER);
        if (pointer !== 0) lab.expectEqual(yield* t.load(pointer), 1);
      },
    ]);
    const { finding, decisions } = check(broken);
    expect(finding).toMatchObject({ kind: 'assertion', message: 'expected value to be 1, got 0' });
    const director = new ScriptedDirector(decisions!, {
      scheduling: 'free',
      granularity: 'access',
    });
    expect(new ScenarioRunner(broken, director).run(director).findings).toEqual([finding]);
  });
});

describe('fences of a program', () => {
  const reading = (fence: (t: Thread) => Operation<void>): Body =>
    function* (t, lab) {
      const flag = yield* t.load(Y);
      yield* fence(t);
      const value = yield* t.load(X);
      if (flag === 1) lab.expectEqual(value, 1);
    };
  const writing = (fence: (t: Thread) => Operation<void>): Body =>
    function* (t) {
      yield* t.store(X, 1);
      yield* fence(t);
      yield* t.store(Y, 1);
    };

  it('keep what they say: smp_wmb with smp_rmb passes a message on', () => {
    const threads = [writing((t) => t.writeFence()), reading((t) => t.readFence())];
    expect(checked(threads)).toMatchObject({ outcome: 'holds' });
  });

  it('keep nothing else: smp_rmb with smp_wmb does not', () => {
    const threads = [writing((t) => t.readFence()), reading((t) => t.writeFence())];
    expect(checked(threads)).toMatchObject({ outcome: 'fails' });
  });
});

describe('a thread that waits', () => {
  it('for a flag sees what was stored before the release of it', () => {
    const waiting: Body = function* (t, lab) {
      yield* t.waitUntilEqual(POINTER, X);
      lab.expectEqual(yield* t.load(X), 1);
    };
    expect(checked([publish, waiting])).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it('for what was and is no more goes on with the value of the past, or misses it', () => {
    const blinking: Body = function* (t) {
      yield* t.store(X, 1);
      yield* t.store(X, 0);
      yield* t.storeRelease(Y, 1);
    };
    let comesLate = false;
    const waiting: Body = function* (t) {
      const isOver = yield* t.load(Y);
      yield* t.waitUntilNotEqual(X, 0);
      if (isOver === 1) comesLate = true;
    };
    const threads = [blinking, waiting];
    expect(checked(threads).finding).toMatchObject({ kind: 'unsatisfied-await' });
    const { outcome, blocked } = check(weakly(threads, { allowBlocked: true }));
    expect({ outcome, blocks: blocked > 0, comesLate }).toEqual({
      outcome: 'holds',
      blocks: true,
      comesLate: true,
    });
  });

  it('for what never comes is an await that nobody satisfies', () => {
    const waiting: Body = function* (t) {
      yield* t.waitUntilEqual(X, 2);
    };
    expect(checked([publish, waiting]).finding).toMatchObject({ kind: 'unsatisfied-await' });
  });
});

describe('a thread that migrates', () => {
  it('takes what it has seen along', () => {
    const result = check(
      weakly(
        [
          function* (t) {
            yield* t.store(X, 1);
          },
          function* (t, lab) {
            const first = yield* t.load(X);
            const second = yield* t.load(X);
            lab.expect(second >= first, 'a word not to go back');
          },
        ],
        { events: { preemption: true, migration: true } },
      ),
      { kernelEvents: 2 },
    );
    expect(result).not.toHaveProperty('finding');
    expect(result.outcome).toBe('unknown');
  });
});
