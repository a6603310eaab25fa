import type { Scenario } from '@rseqlab/explorer';
import type { MemoryModelName, Operation, Thread } from '@rseqlab/sim-machine';
import type { BarrierPlan } from '../../src/domain/barrier-plan.js';
import { BLOCK_SHIFT, DomainOffset } from '../../src/domain/domain-layout.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { replacing } from '../replacing-scenario.js';

/** Looks a few times whether readers are inside, and then takes it that they have left. */
export class ImpatientDomain extends RcuDomain {
  override *synchronizeExpedited(t: Thread): Operation<void> {
    for (let attempt = 0; attempt < 3; attempt++) if (!(yield* this.#hasReaders(t))) return;
  }

  *#hasReaders(t: Thread): Operation<boolean> {
    let readers = 0;
    for (const sign of [-1, 1])
      for (let block = 0; block < 2; block++) {
        const counters = this.address + DomainOffset.firstBlock + (block << BLOCK_SHIFT);
        // Locks of a period lie 8 bytes in front of its unlocks.
        for (const offset of [0, 4]) {
          const word = counters + offset + (sign < 0 ? 8 : 0);
          readers += sign * (yield* t.load(word));
        }
      }
    return readers !== 0;
  }
}

/** A reader beside an updater that waits for an expedited grace period. */
export function besideReader(
  memory: MemoryModelName,
  plan: BarrierPlan,
  make: typeof RcuDomain = RcuDomain,
): Scenario {
  let domain: RcuDomain | undefined;
  return replacing({
    machine: { memory },
    make: (machine, process) => {
      const address = process.allocate(RcuDomain.sizeBytes(machine));
      return (domain = new make(machine, process, address, plan));
    },
    wait: (t) => domain!.synchronizeExpedited(t),
  });
}
