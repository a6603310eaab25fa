import { scenario } from '@rseqlab/explorer';
import { currentCpu, rseq } from '@rseqlab/rseq-runtime';
import { setAffinity } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import {
  BLOCK_SHIFT,
  CounterOffset,
  DomainOffset,
  PERIOD_SHIFT,
} from '../../src/domain/domain-layout.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { cpuOf } from '../../src/domain/rcu-token.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import type { KnownBug } from './known-bug.js';

/** Unlocks that cannot be made by section add atomically to the word that sections store to. */
class SharedWordDomain extends RcuDomain {
  override *readUnlock(t: Thread, token: RcuToken): Operation<void> {
    const cpu = cpuOf(token);
    if ((yield* currentCpu(t)) === cpu) return yield* super.readUnlock(t, token);
    const block = DomainOffset.firstBlock + (cpu << BLOCK_SHIFT) + ((token & 1) << PERIOD_SHIFT);
    yield* t.fetchAdd(this.address + block + CounterOffset.rseqUnlock, 1);
  }
}

/** The atomic falls between load and store of a section, and is lost. */
export const sharedWord: KnownBug = {
  name: 'fallback increments the word that the section increments',
  happenedIn: 'urcu-percpu, after 4a9ac05',
  model: 'sc',
  kernelEvents: 0,
  finding: { kind: 'assertion', message: /readers in the end to be 0,0, got 1,0/ },
  scenario: (isBroken) =>
    scenario({
      name: 'an unlock from another CPU',
      machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, kernel: [rseq()] },
      setup(lab) {
        const { machine, process } = lab;
        const address = process.allocate(RcuDomain.sizeBytes(machine));
        const make = isBroken ? SharedWordDomain : RcuDomain;
        const domain = new make(machine, process, address, barrierPlanOf('membarrier'));
        lab.spawn(
          function* mover(t) {
            const token = yield* domain.readLock(t);
            yield* setAffinity(t, [1]);
            yield* domain.readUnlock(t, token);
          },
          { cpu: 0 },
        );
        lab.spawn(
          function* stayer(t) {
            yield* domain.readUnlock(t, yield* domain.readLock(t));
          },
          { cpu: 0 },
        );
        return domain;
      },
      check(domain, lab) {
        lab.expectEqual(domain.activeReaders().join(), '0,0', 'readers in the end');
      },
    }),
};
