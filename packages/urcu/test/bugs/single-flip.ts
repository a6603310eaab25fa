import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { replacing } from '../replacing-scenario.js';
import { FlippingDomain } from './flipping-domain.js';
import type { KnownBug } from './known-bug.js';

/**
 * A grace period flips the period once. A reader that took the old period long ago and counts under it
 * only now is not waited for by the grace period behind, which waits for the other one.
 */
export const singleFlip: KnownBug = {
  name: 'single parity flip',
  happenedIn: 'userspace-rcu 2bc59bd',
  model: 'sc',
  kernelEvents: 0,
  finding: { kind: 'assertion', message: /reader 0 to see no freed memory/ },
  scenario: (isBroken) =>
    replacing({
      updates: 2,
      make: (machine, process) =>
        new FlippingDomain(machine, process, {
          barriers: barrierPlanOf('fence'),
          flips: isBroken ? 1 : 2,
        }),
    }),
};
