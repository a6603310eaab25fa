import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { OwnedLock } from '../../src/processes/owned-lock.js';
import { ProcessSlots } from '../../src/processes/process-slots.js';
import { anybodyDies, readerDies, updaterDies } from './dying-scenario.js';
import type { Membership } from './dying-scenario.js';
import { foldRace } from './fold-race-scenario.js';

/** Survivors that leave the counts of the dead where they are. */
class SlotsWithoutRecovery extends ProcessSlots {
  override *recover(_t: Thread, _own: number): Operation<boolean> {
    return false;
  }
}

/** Survivors that set the counts of the dead back to 0, which others may be adding up. */
class SlotsThatAreZeroed extends ProcessSlots {
  override *unlockAll(t: Thread, slot: number): Operation<void> {
    for (const word of this.countersOf(slot)) yield* t.store(word, 0);
  }
}

/** Waiters that believe whoever holds the lock to be alive. */
class LockWithoutTakeover extends OwnedLock {
  constructor(word: number) {
    super(word, Infinity);
  }
}

const variants = {
  withoutRecovery: {
    variant: { slots: (region) => new SlotsWithoutRecovery(region, { cpus: 1, slots: 3 }) },
  },
  withoutTakeover: { variant: { lock: (word) => new LockWithoutTakeover(word) } },
} satisfies Record<string, Membership>;

/** Longer than any execution that ends. */
const decisions = 3000;

describe('a reader of another process that is killed at any step of join, lock, unlock and leave', () => {
  it('does not keep a grace period from ending', () => {
    const result = check(readerDies(), { decisions });
    expect(result).toMatchObject({ outcome: 'holds', blocked: 0, kernelEvents: 1 });
  });

  it('does where its counts are not taken back, which is found', () => {
    expect(check(readerDies(variants.withoutRecovery), { decisions })).toMatchObject({
      outcome: 'fails',
      kernelEvents: 1,
      finding: { kind: 'livelock' },
    });
  });
});

describe('an updater that is killed at any step of a grace period', () => {
  it('does not keep the next one from ending', () => {
    const result = check(updaterDies(), { decisions, kernelEvents: 1, search: 'states' });
    expect(result.finding).toBeUndefined();
    expect(result.reason).toBe('the bound of 1 kernel events');
  });

  it('does where its lock is not taken over, which is found', () => {
    expect(check(updaterDies(variants.withoutTakeover), { decisions })).toMatchObject({
      outcome: 'fails',
      kernelEvents: 1,
      finding: { kind: 'deadlock' },
    });
  });
});

describe('readers and updaters that are killed while the others run', () => {
  it.each(['sc', 'tso'] as const)(
    'leave nobody waiting, nor reading freed memory, under %s',
    (memory) => {
      const result = check(anybodyDies({}, memory), {
        search: 'random',
        seed: 1,
        executions: 100,
        kernelEvents: 8,
        decisions: 20_000,
      });
      expect(result.finding).toBeUndefined();
      expect(result.executions).toBe(100);
    },
  );
});

describe('a scan beside the recovery of a dead process', () => {
  const sampled = { search: 'pct', seed: 1, executions: 300, kernelEvents: 0 } as const;

  it('does not take its counts for those of a reader who is inside', () => {
    const result = check(
      foldRace((region, shape) => new ProcessSlots(region, shape)),
      sampled,
    );
    expect(result.finding).toBeUndefined();
  });

  it('does where recovery sets counters to 0, which is found', () => {
    const zeroed = foldRace((region, shape) => new SlotsThatAreZeroed(region, shape));
    expect(check(zeroed, sampled)).toMatchObject({
      outcome: 'fails',
      finding: { message: 'expected the reader to have left at the end of the grace period' },
    });
  });
});
