import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { replacing } from '../replacing-scenario.js';
import type { KnownBug } from './known-bug.js';

/** Barrier B is not there: what is read in the section is read before the lock can be seen. */
export const missingFence: KnownBug = {
  name: 'missing full barrier at critical-section start',
  happenedIn: 'userspace-rcu c5b26a3',
  model: 'tso',
  kernelEvents: 0,
  finding: { kind: 'assertion', message: /reader 0 to see no freed memory/ },
  scenario: (isBroken) =>
    replacing({
      machine: { memory: 'tso' },
      make(machine, process) {
        const plan = { ...barrierPlanOf('fence'), B: !isBroken };
        const address = process.allocate(RcuDomain.sizeBytes(machine));
        return new RcuDomain(machine, process, address, plan);
      },
    }),
};
