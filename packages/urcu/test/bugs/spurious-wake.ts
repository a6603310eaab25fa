import { scenario } from '@rseqlab/explorer';
import { futexWait } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { GracePeriodFutex } from '../../src/classic/grace-period-futex.js';
import type { KnownBug } from './known-bug.js';

/** Believes that who was woken was woken for a reason. */
class OnceFutex extends GracePeriodFutex {
  override *sleep(t: Thread): Operation<void> {
    if ((yield* t.load(this.address)) === -1) yield* futexWait(t, this.address, -1);
  }
}

/** The word falls to -2, on which nobody sleeps and nobody wakes: the updater spins. */
export const spuriousWake: KnownBug = {
  name: 'spurious wake drives the futex below -1',
  happenedIn: 'userspace-rcu a18d042, libside 504b51f',
  model: 'sc',
  kernelEvents: 1,
  finding: { kind: 'assertion', message: /the futex to be 0 or -1, got -2/ },
  scenario: (isBroken) =>
    scenario({
      name: 'an updater that waits for a reader',
      machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
      events: { spuriousWakes: true },
      setup(lab) {
        const { process } = lab;
        const futex = new (isBroken ? OnceFutex : GracePeriodFutex)(process);
        const inside = process.allocate(4);
        process.write32(inside, 1);
        process.spawn(function* updater(t) {
          for (;;) {
            yield* futex.announce(t);
            const word = yield* t.load(futex.address);
            lab.expect(word === 0 || word === -1, `the futex to be 0 or -1, got ${word}`, t);
            if ((yield* t.load(inside)) === 0) break;
            yield* futex.sleep(t);
          }
          yield* futex.withdraw(t);
        });
        process.spawn(function* reader(t) {
          yield* t.store(inside, 0);
          yield* t.fence();
          if ((yield* t.load(futex.address)) === -1) yield* futex.wake(t);
        });
      },
    }),
};
