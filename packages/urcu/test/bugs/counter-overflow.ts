import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { CounterOffset, DomainOffset, PERIOD_SHIFT } from '../../src/domain/domain-layout.js';
import { FlippingDomain } from './flipping-domain.js';
import type { KnownBug } from './known-bug.js';

/** Counters of two bits: 1 reader inside and 3 more locks look like none. */
const COUNTER_BITS = 2;
const SECTIONS = 3;

const FIRST_BLOCK = DomainOffset.firstBlock;

/** A read section by atomics, as of a thread that has no restartable sequences. */
function* pass(t: Thread, domain: number): Operation<void> {
  const period = yield* t.load(domain + DomainOffset.period);
  const counters = domain + FIRST_BLOCK + (period << PERIOD_SHIFT);
  yield* t.fetchAdd(counters + CounterOffset.lock, 1);
  yield* t.fetchAdd(counters + CounterOffset.unlock, 1);
}

/**
 * Barrier D is not there: the flip waits in the store buffer while unlocks are summed up, and any number
 * of readers count under the old period until locks are.
 *
 * One reader has been inside from the start and never leaves: no grace period may end.
 */
export const counterOverflow: KnownBug = {
  name: 'counter overflow without ordering around the flip',
  happenedIn: 'linux 881ec9d209d5',
  model: 'tso',
  kernelEvents: 0,
  finding: { kind: 'assertion', message: /no grace period to end with a reader inside/ },
  scenario: (isBroken) =>
    scenario({
      name: 'counters that overflow',
      machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, kernel: [rseq()], memory: 'tso' },
      allowBlocked: true,
      setup(lab) {
        const { machine, process } = lab;
        const fences = barrierPlanOf('fence');
        const domain = new FlippingDomain(machine, process, {
          barriers: isBroken ? { ...fences, D: 'none' } : fences,
          flips: 1,
          counterBits: COUNTER_BITS,
        });
        process.write32(domain.address + FIRST_BLOCK + CounterOffset.rseqLock, 1);
        lab.spawn(function* passer(t) {
          for (let n = 0; n < SECTIONS; n++) yield* pass(t, domain.address);
        });
        lab.spawn(function* updater(t) {
          yield* domain.synchronize(t);
          lab.expect(false, 'no grace period to end with a reader inside', t);
        });
      },
    }),
};
