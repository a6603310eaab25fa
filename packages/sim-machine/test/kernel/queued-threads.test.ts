import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateArena } from '../../src/base/state-arena.js';
import { QueuedThreads } from '../../src/kernel/queued-threads.js';

const THREADS = 2500;
const CPUS = 3;

const moves = fc.array(fc.record({ cpu: fc.nat(CPUS - 1), thread: fc.nat(THREADS - 1) }), {
  minLength: 1,
  maxLength: 300,
});

describe('QueuedThreads', () => {
  it('finds the n-th thread of a CPU by ascending id, as a sorted list does', () => {
    fc.assert(
      fc.property(moves, (steps) => {
        const queued = new QueuedThreads(new StateArena(), THREADS, CPUS);
        const expected = Array.from({ length: CPUS }, () => new Set<number>());
        for (const { cpu, thread } of steps) {
          const on = expected.findIndex((set) => set.has(thread));
          if (on >= 0) {
            queued.remove(on, thread);
            expected[on]!.delete(thread);
          } else {
            queued.add(cpu, thread);
            expected[cpu]!.add(thread);
          }
        }
        const found = expected.map(({ size }, cpu) =>
          Array.from({ length: size }, (_, place) => queued.at(cpu, place)),
        );
        const sorted = expected.map((set) => [...set].sort((left, right) => left - right));
        expect(found).toEqual(sorted);
      }),
    );
  });

  it.each([0, 31, 32, 1023, 1024, THREADS - 1])('finds thread %i when it is alone', (thread) => {
    const queued = new QueuedThreads(new StateArena(), THREADS, CPUS);
    queued.add(1, thread);
    expect(queued.at(1, 0)).toBe(thread);
  });

  it('holds nobody after the arena was reset', () => {
    const arena = new StateArena();
    const queued = new QueuedThreads(arena, THREADS, CPUS);
    queued.add(0, 5);
    arena.reset();
    queued.add(0, 7);
    expect(queued.at(0, 0)).toBe(7);
  });
});
