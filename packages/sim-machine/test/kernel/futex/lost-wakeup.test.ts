import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomDirector } from '../../../src/director/random-director.js';
import { TimedDirector } from '../../../src/director/timed-director.js';
import { Barrier } from '../../../src/kernel/libc/barrier.js';
import { Condition } from '../../../src/kernel/libc/condition.js';
import { futexWait, futexWake } from '../../../src/kernel/libc/futex.js';
import { createLatch } from '../../../src/kernel/libc/latch.js';
import { Mutex } from '../../../src/kernel/libc/mutex.js';
import type { Operation } from '../../../src/kernel/operation.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { MEMORY_MODEL_NAMES } from '../../../src/memory/create-memory-model.js';
import type { MemoryModelName } from '../../../src/memory/create-memory-model.js';
import { Laboratory } from '../program-fixture.js';

interface Schedule {
  readonly seed: number;
  readonly memory: MemoryModelName;
  readonly timed: boolean;
  readonly spuriousWakes: boolean;
}

const schedule: fc.Arbitrary<Schedule> = fc.record({
  seed: fc.integer(),
  memory: fc.constantFrom(...MEMORY_MODEL_NAMES),
  timed: fc.boolean(),
  spuriousWakes: fc.boolean(),
});

function laboratory({ seed, memory, timed, spuriousWakes }: Schedule): Laboratory {
  const director = timed
    ? new TimedDirector({ seed, quantumCycles: 10, storeDelayCycles: 5 })
    : new RandomDirector({ seed });
  return new Laboratory({ cpus: 2, memory, events: { spuriousWakes } }, director);
}

/** A lock whose unlock wakes before it unlocks: a waiter that looks in between sleeps for ever. */
function* brokenUnlock(t: Thread, word: number): Operation<void> {
  yield* futexWake(t, word, 1);
  yield* t.store(word, 0);
}

function* brokenLock(t: Thread, word: number): Operation<void> {
  while ((yield* t.exchange(word, 2)) !== 0) yield* futexWait(t, word, 2);
}

describe('no wake-up is lost', () => {
  it('by a mutex: all threads get it, one at a time', () => {
    fc.assert(
      fc.property(schedule, (how) => {
        const lab = laboratory(how);
        const mutex = Mutex.create(lab.process);
        const counter = lab.word();
        for (let n = 0; n < 3; n++)
          lab.spawn(function* worker(t) {
            for (let turn = 0; turn < 3; turn++) {
              yield* mutex.lock(t);
              yield* t.store(counter, (yield* t.load(counter)) + 1);
              yield* mutex.unlock(t);
            }
          });
        lab.finish();
        expect(lab.process.read32(counter)).toBe(9);
        expect(lab.process.read32(mutex.address)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('by a condition variable: what is put into a one-place buffer is taken out', () => {
    fc.assert(
      fc.property(schedule, fc.boolean(), (how, broadcasts) => {
        const lab = laboratory(how);
        const mutex = Mutex.create(lab.process);
        const changed = Condition.create(lab.process);
        const full = lab.word();
        const taken = lab.word();
        const exchange = (from: number, by: number) =>
          function* party(t: Thread): Operation<void> {
            for (let turn = 0; turn < 2; turn++) {
              yield* mutex.lock(t);
              while ((yield* t.load(full)) !== from) yield* changed.wait(t, mutex);
              yield* t.store(full, 1 - from);
              yield* t.store(taken, (yield* t.load(taken)) + by);
              // Both kinds of waiters wait on one variable: one signal may reach the wrong kind.
              if (broadcasts) {
                yield* changed.broadcast(t, mutex);
                yield* mutex.unlock(t);
              } else {
                yield* mutex.unlock(t);
                yield* changed.broadcast(t, mutex);
              }
            }
          };
        for (const _ of [0, 1]) {
          lab.spawn(exchange(0, 0), { name: 'producer' });
          lab.spawn(exchange(1, 1), { name: 'consumer' });
        }
        lab.finish();
        expect(lab.process.read32(taken)).toBe(4);
      }),
      { numRuns: 60 },
    );
  });

  it('by a barrier and a latch', () => {
    fc.assert(
      fc.property(schedule, (how) => {
        const lab = laboratory(how);
        const barrier = Barrier.create(lab.process, 3);
        const latch = createLatch(lab.process, 3);
        const phase = lab.word();
        let last = 0;
        for (let n = 0; n < 3; n++)
          lab.spawn(function* worker(t) {
            for (let turn = 0; turn < 2; turn++) {
              expect(Math.floor((yield* t.fetchAdd(phase, 1)) / 3)).toBe(turn);
              if (yield* barrier.wait(t)) last += 1;
            }
            yield* latch.arrive(t);
          });
        lab.spawn(function* joiner(t) {
          yield* latch.wait(t);
          expect(yield* t.load(phase)).toBe(6);
        });
        lab.finish();
        expect(last).toBe(2);
      }),
      { numRuns: 40 },
    );
  });

  it('but by a lock that wakes before it unlocks one is: some schedule gets stuck', () => {
    const outcomes = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const lab = new Laboratory({ cpus: 2 }, new RandomDirector({ seed }));
      const word = lab.word();
      for (let n = 0; n < 2; n++)
        lab.spawn(function* worker(t) {
          yield* brokenLock(t, word);
          yield* brokenUnlock(t, word);
        });
      outcomes.add(lab.machine.run({ decisions: 10_000 }).outcome);
    }
    expect([...outcomes].sort()).toEqual(['finished', 'stuck']);
  });
});
