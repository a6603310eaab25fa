import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setScheduler } from '../../../src/kernel/libc/scheduling.js';
import { nanosleep } from '../../../src/kernel/libc/time.js';
import { fairWeight } from '../../../src/kernel/sched/fair-weight.js';
import { SchedulingPolicy } from '../../../src/kernel/sched/scheduling-policy.js';
import type { SpawnOptions } from '../../../src/kernel/spawn-options.js';
import { RandomDirector } from '../../../src/director/random-director.js';
import { Laboratory, machineParts, settle } from '../program-fixture.js';

const TICK = 20_000;

/** Spinners that count, until one of them has counted to a limit; what each has counted. */
function shares(lab: Laboratory, limit: number, options: readonly SpawnOptions[]): number[] {
  const stop = lab.word();
  const counts = options.map(() => 0);
  for (const [n, option] of options.entries())
    lab.spawn(function* spinner(t) {
      while ((yield* t.load(stop)) === 0) {
        counts[n]! += 1;
        if (counts[n] === limit) yield* t.store(stop, 1);
      }
    }, option);
  lab.finish();
  return counts;
}

describe('the fair class, end to end', () => {
  it('divides a CPU by weight, whatever the nice values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 2, maxLength: 4 }),
        fc.integer(),
        (nices, seed) => {
          const lab = Laboratory.timed({ cpus: 1 }, { seed, tickCycles: TICK });
          const counts = shares(
            lab,
            4_000_000,
            nices.map((nice) => ({ nice })),
          );
          const weights = nices.map((nice) => fairWeight(SchedulingPolicy.Normal, nice));
          const total = counts.reduce((sum, count) => sum + count, 0);
          const weight = weights.reduce((sum, value) => sum + value, 0);
          // A slice is 750,000 ns: with 12,000,000 cycles or more, a few slices are off at most.
          for (const [n, count] of counts.entries())
            expect(Math.abs(count / total - weights[n]! / weight)).toBeLessThan(0.08);
        },
      ),
      { numRuns: 4 },
    );
  });

  it('gives a thread that sleeps half of the time what it wants', () => {
    const lab = Laboratory.timed({ cpus: 1 }, { tickCycles: TICK });
    const stop = lab.word();
    let turns = 0;
    lab.spawn(function* interactive(t) {
      for (; turns < 20; turns++) {
        for (let n = 0; n < 1000; n++) yield* t.fence();
        yield* nanosleep(t, 2_000_000);
      }
      yield* t.store(stop, 1);
    });
    lab.spawn(function* hog(t) {
      while ((yield* t.load(stop)) === 0);
    });
    // 20 sleeps of 2 ms and bursts of 2 us; had it to wait for a slice of its rival every time, it
    // would take a third longer.
    expect(lab.machine.run().cycles).toBeLessThan(42_000_000);
  });

  it('spreads threads over the CPUs: as many get about as much', () => {
    const lab = Laboratory.timed({ cpus: 4 }, { tickCycles: TICK });
    const counts = shares(lab, 500_000, [{}, {}, {}, {}]);
    for (const count of counts) expect(count).toBeGreaterThan(490_000);
  });

  it('pulls waiting threads to CPUs that have become idle', () => {
    const lab = Laboratory.timed({ cpus: 4 }, { tickCycles: TICK });
    const counts = shares(lab, 500_000, [{ cpu: 0 }, { cpu: 0 }, { cpu: 0 }, { cpu: 0 }]);
    for (const count of counts) expect(count).toBeGreaterThan(450_000);
  });

  it('moves no thread to where it may not be', () => {
    const lab = Laboratory.timed({ cpus: 4 }, { tickCycles: TICK });
    const affinity = [0, 2];
    lab.machine.events.on('switch', ({ cpu, next }) => {
      if (next >= 0) expect(affinity).toContain(cpu);
    });
    // A slice is 2,250,000 ns on four CPUs.
    const counts = shares(
      lab,
      2_500_000,
      [0, 1, 2, 3].map(() => ({ affinity })),
    );
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });
});

describe('the real-time classes, end to end', () => {
  it('run a thread that wakes before every time-shared one, at once', () => {
    const lab = Laboratory.timed({ cpus: 1 });
    const stop = lab.word();
    let late = 0;
    lab.spawn(
      function* urgent(t) {
        for (let turn = 0; turn < 50; turn++) {
          const due = lab.machine.cpus.cycles[0]! + 10_000;
          yield* nanosleep(t, 10_000);
          late = Math.max(late, lab.machine.cpus.cycles[0]! - due);
        }
        yield* t.store(stop, 1);
      },
      { realTime: { policy: 'fifo', priority: 50 } },
    );
    for (const _ of [0, 1])
      lab.spawn(function* hog(t) {
        while ((yield* t.load(stop)) === 0);
      });
    lab.finish();
    expect(late).toBeLessThan(100);
  });

  it('let a fifo thread run until it sleeps, and a higher one before it', () => {
    const lab = Laboratory.timed({ cpus: 1 }, { tickCycles: TICK });
    const order: string[] = [];
    const work = (name: string, priority: number): void => {
      lab.spawn(
        function* worker(t) {
          for (let n = 0; n < 100_000; n++) yield* t.fence();
          order.push(name);
        },
        { realTime: { policy: 'fifo', priority } },
      );
    };
    lab.spawn(function* fair(t) {
      yield* t.fence();
      order.push('fair');
    });
    work('low 1', 10);
    work('low 2', 10);
    work('high', 20);
    lab.finish();
    expect(order).toEqual(['high', 'low 1', 'low 2', 'fair']);
  });

  it('share a CPU among equal rr threads by quanta of 100 ms', () => {
    const parts = machineParts({ cpus: 1 });
    const process = parts.processes.begin(-1, 'main')!;
    process.mapRuntime(4);
    for (const _ of [0, 1, 2])
      process.spawn(
        function* spinner(t) {
          for (;;) yield* t.fence();
        },
        { realTime: { policy: 'rr', priority: 5 } },
      );
    settle(parts);
    const running: number[] = [];
    for (let tick = 0; tick < 100; tick++) {
      running.push(parts.cpus.current[0]!);
      parts.cpus.cycles[0]! += 4_000_000;
      parts.services.tick.tick(0);
      settle(parts);
    }
    const quanta = [0, 1, 2, 0].flatMap((thread) => new Array<number>(25).fill(thread));
    expect(running).toEqual(quanta);
  });

  it('push a real-time thread that would have to wait to a CPU where it runs', () => {
    const lab = Laboratory.timed({ cpus: 2 });
    const realTime = { policy: 'fifo', priority: 5 } as const;
    const counts = shares(lab, 200_000, [
      { realTime, cpu: 0 },
      { realTime, cpu: 0 },
    ]);
    expect(Math.min(...counts)).toBeGreaterThan(190_000);
  });

  it('stop a thread that gives its priority back, for one that keeps it', () => {
    const lab = Laboratory.timed({ cpus: 1 });
    const order: string[] = [];
    const realTime = { policy: 'fifo', priority: 5 } as const;
    lab.spawn(
      function* gives(t) {
        order.push('first');
        yield* setScheduler(t, SchedulingPolicy.Normal, 0);
        order.push('last');
      },
      { realTime },
    );
    lab.spawn(
      function* keeps(t) {
        yield* t.fence();
        order.push('keeps');
      },
      { realTime },
    );
    lab.finish();
    expect(order).toEqual(['first', 'keeps', 'last']);
  });
});

describe('placement under a free director', () => {
  /** The CPUs of new threads, one after the other. */
  function placed(options: readonly SpawnOptions[]): readonly number[] {
    const parts = machineParts({ cpus: { cpus: [1, 4, 6] } }, new RandomDirector({ seed: 1 }));
    const process = parts.processes.begin(-1, 'main')!;
    process.mapRuntime(16);
    return options.map((option) => {
      const thread = process.spawn(function* idler(t) {
        yield* t.fence();
      }, option);
      return parts.threads.cpu[thread.id]!;
    });
  }

  it('is the allowed CPU with the fewest threads, the lowest of these', () => {
    expect(placed([{}, {}, {}, {}])).toEqual([1, 4, 6, 1]);
    expect(placed([{ cpu: 1 }, { cpu: 1 }, {}, { affinity: [1, 6] }, {}])).toEqual([1, 1, 4, 6, 4]);
  });
});
