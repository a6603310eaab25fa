import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, RandomDirector } from '@rseqlab/sim-machine';
import { EVERY_FLAVOUR } from './every-flavour.js';
import { replacing } from './replacing-scenario.js';

describe.each(Object.entries(EVERY_FLAVOUR))('the flavour %s', (_, make) => {
  it('protects a reader on one CPU that is preempted twice', () => {
    const result = check(replacing({ make, machine: { cpus: 1 } }), { kernelEvents: 2 });
    expect(result.finding).toBeUndefined();
    expect(result.reason).toBe('the bound of 2 kernel events');
  });

  it('does not protect one whose updater does not wait', () => {
    expect(check(replacing({ make, *wait() {} }))).toMatchObject({
      outcome: 'fails',
      finding: { message: 'expected reader 0 to see no freed memory' },
    });
  });

  it.each([1, 2, 3])('ends under random schedules of many threads, seed %i', (seed) => {
    const machine = new Machine({ cpus: 3, kernel: [rseq()] }, new RandomDirector({ seed }));
    const process = machine.createProcess('main');
    const rcu = make(machine, process);
    for (let i = 0; i < 4; i++)
      process.spawn(function* reader(t) {
        yield* rcu.registerThread(t);
        for (let n = 0; n < 10; n++) {
          const outer = yield* rcu.readLock(t);
          const inner = yield* rcu.readLock(t);
          yield* t.fence();
          yield* rcu.readUnlock(t, inner);
          yield* rcu.readUnlock(t, outer);
        }
        yield* rcu.unregisterThread(t);
      });
    for (let i = 0; i < 2; i++)
      process.spawn(function* updater(t) {
        for (let n = 0; n < 5; n++) yield* rcu.synchronize(t);
      });
    expect(machine.run().outcome).toBe('finished');
  });
});
