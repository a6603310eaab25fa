import { scenario } from '@rseqlab/explorer';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { WorkerFutex } from '../../src/deferred/worker-futex.js';
import type { KnownBug } from './known-bug.js';

/** Announces itself when it goes to sleep, not before it looks for work. */
class LateFutex extends WorkerFutex {
  override *announce(_t: Thread): Operation<void> {
    // Later.
  }

  override *sleep(t: Thread): Operation<void> {
    yield* super.announce(t);
    yield* super.sleep(t);
  }
}

/** Work that comes between the worker's look and its announcement wakes nobody. */
export const lateAnnouncement: KnownBug = {
  name: 'missing initial futex decrement',
  happenedIn: 'userspace-rcu c768e45',
  model: 'sc',
  kernelEvents: 0,
  finding: { kind: 'deadlock', message: /T0 call_rcu/ },
  scenario: (isBroken) =>
    scenario({
      name: 'a worker that is woken for work',
      machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
      setup({ process }) {
        const futex = new (isBroken ? LateFutex : WorkerFutex)(process.allocate(4));
        const work = process.allocate(4);
        process.spawn(
          function* worker(t) {
            yield* futex.announce(t);
            while ((yield* t.load(work)) === 0) {
              yield* futex.sleep(t);
              yield* futex.announce(t);
            }
          },
          { name: 'call_rcu' },
        );
        process.spawn(function* caller(t) {
          yield* t.store(work, 1);
          yield* futex.wake(t);
        });
      },
    }),
};
