import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, RandomDirector } from '@rseqlab/sim-machine';
import { CallRcu } from '../../src/deferred/call-rcu.js';
import { GracePeriodPoll } from '../../src/deferred/grace-period-poll.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { wrappingCookie } from './wrapping-cookie.js';
import type { WrappingCookie } from './wrapping-cookie.js';

const all = (options: WrappingCookie) => check(wrappingCookie(options), { search: 'states' });

describe('a cookie of two bits, in every state', () => {
  it.each([1, 0])('is never early, and true in the end, behind grace period %i', (passed) => {
    expect(all({ bits: 2, passed, others: 1 })).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it.each([1, 0])(
    'is early behind %i if numbers are taken not to wrap, which is found',
    (passed) => {
      expect(all({ bits: 2, passed, others: 1, isPlain: true })).toMatchObject({
        outcome: 'fails',
        finding: { message: 'expected no grace period to pass with a reader inside' },
      });
    },
  );
});

describe.each([2, 3, 4])('a cookie of %i bits', (bits) => {
  const half = 2 ** (bits - 1);

  it(`is taken for one of the future once ${half} others have passed behind its own`, () => {
    expect(all({ bits, passed: 0, others: half })).toMatchObject({
      outcome: 'fails',
      finding: { message: 'expected the grace period to have passed in the end' },
    });
  });
});

describe('cookies across the wrap', () => {
  it.each([1, 2, 3])('are false with a reader inside and true behind, seed %i', (seed) => {
    const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new RandomDirector({ seed }));
    const process = machine.createProcess('main');
    const rcu = RcuDomain.create(machine, process);
    const deferred = CallRcu.create(machine, process, rcu);
    const polls = GracePeriodPoll.create(process, deferred);
    process.write32(polls.address, 0xffff_fffe);
    const cookies: number[] = [];
    const seen: boolean[] = [];
    deferred.spawnWorkers();
    process.spawn(function* poller(t) {
      for (let n = 0; n < 4; n++) {
        const token = yield* rcu.readLock(t);
        const cookie = yield* polls.start(t);
        for (let wait = 0; wait < 20; wait++) yield* t.fence();
        seen.push(yield* polls.poll(t, cookie));
        yield* rcu.readUnlock(t, token);
        yield* deferred.barrier(t);
        seen.push(yield* polls.poll(t, cookie));
        cookies.push(cookie);
      }
      yield* deferred.stop(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(cookies).toEqual([-1, 0, 1, 2]);
    expect(seen).toEqual([false, true, false, true, false, true, false, true]);
  });
});
