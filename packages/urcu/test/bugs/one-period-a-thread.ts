import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import type { KnownBug } from './known-bug.js';

/** Where the thread keeps the period, behind the records of the flavours. */
const PERIOD = 160;

/** Keeps the period of a read section in the thread, instead of in the token of each. */
class OnePeriodDomain extends RcuDomain {
  override *readLock(t: Thread): Operation<RcuToken> {
    const token = yield* super.readLock(t);
    yield* t.store(t.threadPointer + PERIOD, token & 1);
    return token;
  }

  override *readUnlock(t: Thread, token: RcuToken): Operation<void> {
    const period = yield* t.load(t.threadPointer + PERIOD);
    yield* super.readUnlock(t, ((token & ~1) | period) as RcuToken);
  }
}

/** The period flips between the locks of two nested sections: both unlocks count under the second. */
export const onePeriodAThread: KnownBug = {
  name: 'period kept in one thread-local',
  happenedIn: 'urcu-percpu eb7b031',
  model: 'sc',
  kernelEvents: 0,
  finding: { kind: 'deadlock', message: /1 that can never go on/ },
  scenario: (isBroken) =>
    scenario({
      name: 'nesting across a flip',
      machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, kernel: [rseq()] },
      setup(lab) {
        const { machine, process } = lab;
        const address = process.allocate(RcuDomain.sizeBytes(machine));
        const make = isBroken ? OnePeriodDomain : RcuDomain;
        const domain = new make(machine, process, address, barrierPlanOf('membarrier'), 'anybody');
        lab.spawn(function* reader(t) {
          const outer = yield* domain.readLock(t);
          const inner = yield* domain.readLock(t);
          yield* domain.readUnlock(t, inner);
          yield* domain.readUnlock(t, outer);
        });
        lab.spawn(function* updater(t) {
          yield* domain.synchronize(t);
        });
        return domain;
      },
      check(domain, lab) {
        lab.expectEqual(domain.activeReaders().join(), '0,0', 'readers in the end');
      },
    }),
};
