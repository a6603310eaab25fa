import { describe, expect, it } from 'vitest';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, RandomDirector } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { EVERY_FLAVOUR } from '../every-flavour.js';
import type { MakeFlavour } from '../every-flavour.js';

/** Waits until nobody is inside, without a flip. */
class NeverFlippingDomain extends RcuDomain {
  override *synchronize(t: Thread): Operation<void> {
    while (this.activeReaders().some((readers) => readers > 0)) yield* t.fence();
  }
}

/**
 * Two readers whose sections overlap without end: each leaves only when the other is inside.
 *
 * @returns how the run ended, of which the updater ends the readers after three grace periods
 */
function underEndlessReaders(make: MakeFlavour, seed: number): string {
  const machine = new Machine({ cpus: 3, kernel: [rseq()] }, new RandomDirector({ seed }));
  const process = machine.createProcess('main');
  const rcu = make(machine, process);
  const [turn, stop] = [process.allocate(4), process.allocate(4)];
  for (let reader = 0; reader < 2; reader++)
    process.spawn(function* endless(t) {
      yield* rcu.registerThread(t);
      while ((yield* t.load(stop)) === 0) {
        const token = yield* rcu.readLock(t);
        const before = yield* t.fetchAdd(turn, 1);
        // Stays until the other has entered after it.
        while ((yield* t.load(turn)) === before + 1 && (yield* t.load(stop)) === 0)
          yield* t.fence();
        yield* rcu.readUnlock(t, token);
        yield* rcu.quiescentState(t);
      }
      yield* rcu.threadOffline(t);
      yield* rcu.unregisterThread(t);
    });
  process.spawn(function* updater(t) {
    yield* t.waitUntilNotEqual(turn, 0);
    for (let n = 0; n < 3; n++) yield* rcu.synchronize(t);
    yield* t.store(stop, 1);
  });
  return machine.run({ decisions: 100_000 }).outcome;
}

describe('under readers of which one is always inside', () => {
  it.each(Object.entries(EVERY_FLAVOUR))('grace periods of %s end', (_, make) => {
    for (const seed of [1, 2]) expect(underEndlessReaders(make, seed)).toBe('finished');
  });

  it('those of a domain that never flips do not', () => {
    const never: MakeFlavour = (machine, process) =>
      new NeverFlippingDomain(
        machine,
        process,
        process.allocate(RcuDomain.sizeBytes(machine)),
        barrierPlanOf('membarrier'),
      );
    expect(underEndlessReaders(never, 1)).toBe('limit');
  });
});
