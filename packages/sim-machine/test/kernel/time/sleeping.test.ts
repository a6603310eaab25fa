import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomDirector } from '../../../src/director/random-director.js';
import { clockGettime, nanosleep, sleepUntil } from '../../../src/kernel/libc/time.js';
import { ClockId, EPOCH_SECONDS } from '../../../src/kernel/time/clock-id.js';
import { Laboratory } from '../program-fixture.js';

describe('clock_gettime', () => {
  it('shows real time as time since the epoch at which machines start', () => {
    const lab = new Laboratory({ cpus: 1 });
    const real = lab.run((t) => clockGettime(t, ClockId.Realtime));
    expect(Math.floor(real / 1e9)).toBe(EPOCH_SECONDS);
  });

  it.each(['timed', 'random'] as const)(
    'never goes back, on any CPU, under a %s director',
    (kind) => {
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const director = kind === 'random' ? new RandomDirector({ seed }) : undefined;
          const lab = new Laboratory({ cpus: 3 }, director);
          const latest = lab.word();
          for (let n = 0; n < 3; n++)
            lab.spawn(function* reader(t) {
              for (let turn = 0; turn < 5; turn++) {
                const before = yield* t.load(latest);
                const now = yield* clockGettime(t, ClockId.Monotonic);
                expect(now).toBeGreaterThanOrEqual(before);
                yield* t.store(latest, now);
              }
            });
          lab.finish();
        }),
        { numRuns: 25 },
      );
    },
  );
});

describe('nanosleep', () => {
  it('sleeps as long as it was asked to, to a few cycles', () => {
    const lab = new Laboratory({ cpus: 1 });
    const slept = lab.run(function* sleeper(t) {
      const before = yield* clockGettime(t, ClockId.Monotonic);
      yield* nanosleep(t, 123_456_789);
      return (yield* clockGettime(t, ClockId.Monotonic)) - before;
    });
    expect(slept).toBeGreaterThanOrEqual(123_456_789);
    expect(slept).toBeLessThan(123_456_789 + 100);
  });

  it('takes an idle machine to the next timer in a handful of decisions', () => {
    const lab = new Laboratory({ cpus: 4 });
    lab.run((t) => nanosleep(t, 3_600_000_000_000));
    expect(lab.machine.decisions.length).toBeLessThan(20);
  });

  it('leaves the CPU to others meanwhile', () => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word();
    let during = 0;
    lab.spawn(function* sleeper(t) {
      yield* nanosleep(t, 10_000);
      during = yield* t.load(word);
    });
    lab.spawn(function* worker(t) {
      for (let turn = 0; turn < 5000; turn++) yield* t.fetchAdd(word, 1);
    });
    lab.finish();
    expect(during).toBeGreaterThan(3000);
  });

  it('wakes sleepers in the order of their times, those of one time in the order of their sleep', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 12 }), (delays) => {
        const lab = new Laboratory({ cpus: 1 });
        const slept: number[] = [];
        const woken: number[] = [];
        lab.machine.events.on('wakeup', ({ thread, created }) => {
          if (!created) woken.push(thread);
        });
        for (const delay of delays)
          lab.spawn(function* sleeper(t) {
            slept.push(t.id);
            yield* sleepUntil(t, ClockId.Monotonic, 50_000 + delay * 10_000);
          });
        lab.finish();
        const expected = [...slept].sort((a, b) => delays[a]! - delays[b]!);
        expect(woken).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('under a free director ends at any time, and time has passed then', () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const lab = new Laboratory({ cpus: 1 }, new RandomDirector({ seed }));
      const order: string[] = [];
      for (const [name, ns] of [
        ['long', 1_000_000],
        ['short', 10],
      ] as const)
        lab.spawn(function* sleeper(t) {
          const before = yield* clockGettime(t, ClockId.Monotonic);
          yield* nanosleep(t, ns);
          expect((yield* clockGettime(t, ClockId.Monotonic)) - before).toBeGreaterThanOrEqual(ns);
          order.push(name);
        });
      lab.finish();
      orders.add(order.join());
    }
    expect([...orders].sort()).toEqual(['long,short', 'short,long']);
  });
});
