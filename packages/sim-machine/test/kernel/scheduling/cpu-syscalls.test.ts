import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { RandomDirector } from '../../../src/director/random-director.js';
import {
  getAffinity,
  getcpu,
  getNice,
  getScheduler,
  schedYield,
  setAffinity,
  setNice,
  setScheduler,
} from '../../../src/kernel/libc/scheduling.js';
import { nanosleep } from '../../../src/kernel/libc/time.js';
import { SchedulingPolicy } from '../../../src/kernel/sched/scheduling-policy.js';
import { Laboratory } from '../program-fixture.js';

const TOPOLOGY = { cpus: '0,2,5,40', nodes: ['0,2', '5,40'] } as const;

describe('sched_setaffinity', () => {
  it.each(['timed', 'random'] as const)(
    'moves the calling thread at once, under a %s director',
    (kind) => {
      const director = kind === 'random' ? new RandomDirector({ seed: 5 }) : undefined;
      const lab = new Laboratory({ cpus: TOPOLOGY, events: { migration: false } }, director);
      const seen = lab.run(function* mover(t) {
        const places: number[] = [];
        for (const cpu of [40, 2, 5, 0]) {
          expect(yield* setAffinity(t, [cpu])).toBe(0);
          expect(yield* getAffinity(t)).toEqual([cpu]);
          const where = yield* getcpu(t);
          places.push(where.cpu, where.node);
        }
        return places;
      });
      expect(seen).toEqual([40, 1, 2, 0, 5, 1, 0, 0]);
    },
  );

  it('leaves a thread where it is while that is allowed', () => {
    const lab = new Laboratory({ cpus: 4 });
    const cpu = lab.run(
      function* mover(t) {
        yield* setAffinity(t, [1, 3]);
        return (yield* getcpu(t)).cpu;
      },
      { cpu: 3 },
    );
    expect(cpu).toBe(3);
  });

  it('moves another thread while it runs, and a sleeper when it wakes', () => {
    const lab = new Laboratory({ cpus: 4 });
    const flag = lab.word();
    const { tid } = lab.machine.threads;
    let woke = -1;
    const runner = lab.spawn(
      function* runner(t) {
        while ((yield* t.load(flag)) === 0);
        expect((yield* getcpu(t)).cpu).toBe(2);
      },
      { cpu: 1 },
    );
    const sleeper = lab.spawn(
      function* sleeper(t) {
        yield* nanosleep(t, 50_000);
        woke = (yield* getcpu(t)).cpu;
      },
      { cpu: 3 },
    );
    lab.spawn(
      function* mover(t) {
        yield* nanosleep(t, 10_000);
        expect(yield* setAffinity(t, [2], tid[runner.id])).toBe(0);
        expect(yield* setAffinity(t, [0], tid[sleeper.id])).toBe(0);
        yield* nanosleep(t, 10_000);
        yield* t.store(flag, 1);
      },
      { cpu: 0 },
    );
    lab.finish();
    expect(woke).toBe(0);
  });

  it('ignores CPUs that are not possible, beside one that is', () => {
    const lab = new Laboratory({ cpus: TOPOLOGY });
    const cpus = lab.run(function* main(t) {
      yield* setAffinity(t, [1, 3, 5, 99]);
      return yield* getAffinity(t);
    });
    expect(cpus).toEqual([5]);
  });

  it('of the library refuses CPUs that its mask has no room for', () => {
    const lab = new Laboratory({ cpus: 1 });
    expect(() => lab.run((t) => setAffinity(t, [1024]))).toThrow(
      'expected CPUs from 0 to 1023, got 1024',
    );
  });
});

describe('a thread', () => {
  it('reads back the policy and nice value it set', () => {
    const lab = new Laboratory({ cpus: 1 });
    const seen = lab.run(function* main(t) {
      const results = [yield* setNice(t, -7), yield* getNice(t)];
      results.push(yield* setNice(t, 100), yield* getNice(t));
      results.push(yield* setScheduler(t, SchedulingPolicy.RoundRobin, 9), yield* getScheduler(t));
      results.push(yield* setScheduler(t, SchedulingPolicy.Normal, 0), yield* getScheduler(t));
      results.push(yield* setScheduler(t, SchedulingPolicy.Fifo, 0));
      return results;
    });
    expect(seen).toEqual([0, -7, 0, 19, 0, 2, 0, 0, -Errno.EINVAL]);
  });

  it('that yields lets others of its CPU go first', () => {
    const lab = new Laboratory({ cpus: 1 });
    const order: string[] = [];
    for (const name of ['a', 'b'])
      lab.spawn(
        function* yielder(t) {
          for (let turn = 0; turn < 3; turn++) {
            order.push(name);
            yield* schedYield(t);
          }
        },
        { realTime: { policy: 'fifo', priority: 10 } },
      );
    lab.finish();
    expect(order.join('')).toBe('ababab');
  });
});
