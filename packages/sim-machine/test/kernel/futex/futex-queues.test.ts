import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateArena } from '../../../src/base/state-arena.js';
import { FutexQueues } from '../../../src/kernel/futex/futex-queues.js';

const THREADS = 8;

interface Waiter {
  readonly thread: number;
  key: number;
  readonly bitset: number;
  readonly priority: number;
}

const operation = fc.oneof(
  fc.record({
    kind: fc.constant('join' as const),
    thread: fc.nat(THREADS - 1),
    key: fc.nat(3),
    bitset: fc.integer({ min: 1, max: 7 }),
    priority: fc.constantFrom(0, 0, 0, 10, 20),
  }),
  fc.record({ kind: fc.constant('leave' as const), thread: fc.nat(THREADS - 1) }),
  fc.record({ kind: fc.constant('move' as const), thread: fc.nat(THREADS - 1), key: fc.nat(3) }),
);

describe('FutexQueues', () => {
  it('finds what a list in order of arrival finds, for any history', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const queues = new FutexQueues(new StateArena(), THREADS);
        const out = new Int32Array(THREADS);
        let oracle: Waiter[] = [];
        for (const step of operations) {
          const present = oracle.find(({ thread }) => thread === step.thread);
          if (step.kind === 'join' && present === undefined) {
            queues.join(step.thread, step.key + 1, step.key * 64, step.bitset, step.priority);
            oracle.push({ ...step });
          } else if (step.kind === 'leave' && present !== undefined) {
            queues.leave(step.thread);
            oracle = oracle.filter((waiter) => waiter !== present);
          } else if (step.kind === 'move' && present !== undefined) {
            queues.move(step.thread, step.key + 1, step.key * 64);
            if (present.key === step.key) continue;
            present.key = step.key;
            oracle = [...oracle.filter((waiter) => waiter !== present), present];
          }
          for (let thread = 0; thread < THREADS; thread++)
            expect(queues.isWaiting(thread)).toBe(
              oracle.some((waiter) => waiter.thread === thread),
            );
          for (let key = 0; key < 4; key++)
            for (const bitset of [-1, 1, 4]) {
              const matching = oracle.filter(
                (waiter) => waiter.key === key && (waiter.bitset & bitset) !== 0,
              );
              const highest = Math.max(...matching.map(({ priority }) => priority));
              const first = matching.find(({ priority }) => priority === highest)?.thread ?? -1;
              expect(queues.first(key + 1, key * 64, bitset)).toBe(first);
              const count = queues.collect(key + 1, key * 64, bitset, out);
              const threads = matching.map(({ thread }) => thread).sort((a, b) => a - b);
              expect([...out.subarray(0, count)]).toEqual(threads);
            }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('takes 10,000 waiters off one word, in order, and 10,000 off as many words', () => {
    const count = 10_000;
    const queues = new FutexQueues(new StateArena(), count);
    for (let thread = 0; thread < count; thread++) queues.join(thread, 1, 4096, -1, 0);
    for (let thread = 0; thread < count; thread++) {
      expect(queues.first(1, 4096, -1)).toBe(thread);
      queues.leave(thread);
    }
    for (let thread = 0; thread < count; thread++) queues.join(thread, 1, thread * 4, -1, 0);
    for (let thread = 0; thread < count; thread++) {
      expect(queues.first(1, thread * 4, -1)).toBe(thread);
      queues.leave(thread);
    }
    expect(queues.first(1, 0, -1)).toBe(-1);
  });

  it('keeps what threads wait on apart in the fingerprint, and not in which order they came', () => {
    const fingerprint = (...joins: readonly (readonly [number, number])[]) => {
      const arena = new StateArena();
      const queues = new FutexQueues(arena, THREADS);
      for (const [thread, offset] of joins) queues.join(thread, 1, offset, -1, 0);
      const into = { low: 0, high: 0 };
      arena.fingerprint(into);
      return into;
    };
    expect(fingerprint([0, 4], [1, 4])).toEqual(fingerprint([1, 4], [0, 4]));
    expect(fingerprint([0, 4], [1, 4])).not.toEqual(fingerprint([0, 4], [1, 8]));
    expect(fingerprint([0, 4])).not.toEqual(fingerprint());
  });
});
