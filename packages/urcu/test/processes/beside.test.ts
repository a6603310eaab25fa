import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { endedOperation } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { ProcessSlots } from '../../src/processes/process-slots.js';
import { beside } from './beside-scenario.js';
import type { Beside } from './beside-scenario.js';
import { BelledLock } from './death-bell.js';

/** Survivors that leave the counts of the dead where they are. */
class SlotsWithoutRecovery extends ProcessSlots {
  override *recover(_t: Thread, _own: number): Operation<boolean> {
    return false;
  }
}

/** Waiters that believe whoever holds the lock to be alive. */
class LockWithoutTakeover extends BelledLock {
  protected override holderIsDead(): Operation<boolean> {
    return endedOperation(false);
  }
}

const withoutRecovery = {
  slots: (region: number) => new SlotsWithoutRecovery(region, { cpus: 2, slots: 2 }),
};
const withoutTakeover = { lock: (word: number) => new LockWithoutTakeover(word) };

/** Every state on two CPUs, with as many kills as there can be. */
const all = (what: Beside) => check(beside(what), { search: 'states', decisions: 3000 });

describe('a reader beside the updater of another process, each on its CPU', () => {
  it('that is killed at any step keeps nobody waiting', () => {
    expect(all({ kills: ['reader'] })).toMatchObject({ outcome: 'holds', kernelEvents: 1 });
  });

  it('that is killed does where its counts are not taken back, which is found', () => {
    expect(all({ kills: ['reader'], variant: withoutRecovery })).toMatchObject({
      outcome: 'fails',
      kernelEvents: 1,
      finding: { kind: 'unsatisfied-await' },
    });
  });

  it('that joins while a grace period is under way is protected', () => {
    expect(all({ kills: [], comesLate: true })).toMatchObject({ outcome: 'holds' });
  });

  it('gets the lock of an updater that is killed at any step', () => {
    const result = all({ kills: ['updater'], then: ['recover'] });
    expect(result).toMatchObject({ outcome: 'holds', kernelEvents: 1 });
  });

  it('waits for ever for a lock of a dead updater that is not taken over, which is found', () => {
    expect(all({ kills: ['updater'], then: ['recover'], variant: withoutTakeover })).toMatchObject({
      outcome: 'fails',
      kernelEvents: 1,
      finding: { kind: 'unsatisfied-await' },
    });
  });
});
