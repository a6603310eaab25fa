import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { fork } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import {
  BLOCK_SHIFT,
  CounterOffset,
  DomainOffset,
  PERIOD_SHIFT,
  domainBytes,
} from '../../src/domain/domain-layout.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { cpuOf } from '../../src/domain/rcu-token.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import type { KnownBug } from './known-bug.js';

const CPUS = 1;

/** The child forgets all readers of the parent; its own section, if it is in one, it counts again. */
function* afterForkInChild(t: Thread, domain: RcuDomain, own?: RcuToken): Operation<void> {
  for (let at = DomainOffset.firstBlock; at < domainBytes(CPUS); at += 4)
    yield* t.store(domain.address + at, 0);
  if (own === undefined) return;
  const block = DomainOffset.firstBlock + (cpuOf(own) << BLOCK_SHIFT);
  const counters = domain.address + block + ((own & 1) << PERIOD_SHIFT);
  yield* t.store(counters + CounterOffset.lock, 1);
}

/** The thread that forks is in a read section: in the child its unlock has no lock. */
export const zeroingFork: KnownBug = {
  name: 'fork zeroes counters with a reader inside',
  happenedIn: 'urcu-percpu',
  model: 'sc',
  kernelEvents: 0,
  finding: { kind: 'deadlock', message: /1 that can never go on/ },
  scenario: (isBroken) =>
    scenario({
      name: 'fork in a read section',
      machine: { cpus: CPUS, maxThreads: 2, maxProcesses: 2, kernel: [rseq()] },
      setup(lab) {
        const { machine, process } = lab;
        const address = process.allocate(RcuDomain.sizeBytes(machine));
        const domain = new RcuDomain(machine, process, address, barrierPlanOf('membarrier'));
        lab.spawn(function* parent(t) {
          const token = yield* domain.readLock(t);
          yield* fork(t, function* child(c) {
            yield* afterForkInChild(c, domain, isBroken ? undefined : token);
            yield* domain.readUnlock(c, token);
            yield* domain.synchronize(c);
          });
          yield* domain.readUnlock(t, token);
        });
      },
    }),
};
