import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { CallbackId, DeferredCallback } from '../../src/deferred/deferred-callbacks.js';
import { GracePeriodPoll } from '../../src/deferred/grace-period-poll.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { RcuFlavour } from '../../src/rcu-flavour.js';
import type { KnownBug } from './known-bug.js';

/** Deferred work for one head and one callback, which is all that a poll needs. */
class OneCallback {
  readonly #waits: number;
  #callback: DeferredCallback | undefined;

  constructor(process: Process) {
    this.#waits = process.allocate(4);
  }

  define(callback: DeferredCallback): CallbackId {
    this.#callback = callback;
    return 1 as CallbackId;
  }

  *call(t: Thread): Operation<void> {
    yield* t.storeRelease(this.#waits, 1);
  }

  /** Waits for a call, then for a grace period, and makes the call. */
  *work(t: Thread, rcu: RcuFlavour): Operation<void> {
    yield* t.waitUntilEqual(this.#waits, 1);
    yield* t.store(this.#waits, 0);
    yield* rcu.synchronize(t);
    yield* this.#callback!(t, 0);
  }
}

/**
 * How many grace periods have passed, and whether one is under way, are read without the lock: one that
 * began before, and ends between the two reads, is taken for a whole one.
 */
export const unsynchronisedCookie: KnownBug = {
  name: 'unsynchronised completed counter',
  happenedIn: 'linux d09b62dfa336',
  model: 'sc',
  kernelEvents: 0,
  finding: { kind: 'assertion', message: /no grace period to pass with a reader inside/ },
  scenario: (isBroken) =>
    scenario({
      name: 'a polled grace period behind another',
      machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, kernel: [rseq()] },
      setup(lab) {
        const { machine, process } = lab;
        const domain = RcuDomain.create(machine, process, { barriers: 'fence' });
        const deferred = new OneCallback(process);
        const polls = GracePeriodPoll.create(process, deferred, { isSynchronised: !isBroken });
        lab.spawn((t) => deferred.work(t, domain), { name: 'worker' });
        lab.spawn(function* reader(t) {
          yield* polls.start(t);
          const token = yield* domain.readLock(t);
          const cookie = yield* polls.start(t);
          const hasPassed = yield* polls.poll(t, cookie);
          lab.expect(!hasPassed, 'no grace period to pass with a reader inside', t);
          yield* domain.readUnlock(t, token);
        });
      },
    }),
};
