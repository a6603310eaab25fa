import { scenario } from '@rseqlab/explorer';
import { INDEX_OFFSET, RSEQ_OFFSET, emitSection, rseq } from '@rseqlab/rseq-runtime';
import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Routine, Thread } from '@rseqlab/sim-machine';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import {
  BLOCK_SHIFT,
  CounterOffset,
  DomainOffset,
  PERIOD_SHIFT,
} from '../../src/domain/domain-layout.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { TOKEN_CPU_SHIFT } from '../../src/domain/rcu-token.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import type { KnownBug } from './known-bug.js';

const { r0, r1, r5, r6, r8, r9, r14 } = Registers;

const RSEQ_LOCK = DomainOffset.firstBlock + CounterOffset.rseqLock;

/** A lock that retries its section; the CPU is read before the label that it goes back to. */
export const STALE_LOCK = emitSection(
  new ProgramBuilder('rcu read side, stale start')
    .label('lock')
    .ld32(r5, r1, DomainOffset.period)
    .note('start: cpu = rseq->cpu_id')
    .ld32(r6, r14, RSEQ_OFFSET + INDEX_OFFSET.cpu_id)
    .shli(r8, r6, BLOCK_SHIFT)
    .add(r8, r8, r1)
    .shli(r9, r5, PERIOD_SHIFT)
    .add(r8, r8, r9)
    .label('retry'),
  {
    name: 'staleSection',
    body: (section) => section.ld32(r9, r8, RSEQ_LOCK).addi(r9, r9, 1).st32(r9, r8, RSEQ_LOCK),
    aborted: 'retry',
  },
)
  .shli(r0, r6, TOKEN_CPU_SHIFT)
  .or(r0, r0, r5)
  .ret()
  .build();

class StaleStartDomain extends RcuDomain {
  readonly #retryingLock: Routine;

  constructor(...parameters: ConstructorParameters<typeof RcuDomain>) {
    super(...parameters);
    this.#retryingLock = parameters[0].install(STALE_LOCK).routine('lock');
  }

  override *readLock(t: Thread): Operation<RcuToken> {
    if (!t.exec(this.#retryingLock, this.address)) yield;
    return t.result as RcuToken;
  }
}

/** The thread moves between start and section, which then counts on the CPU that it comes from. */
export const staleStart: KnownBug = {
  name: 'start taken before the retry label',
  happenedIn: 'urcu-percpu 4b04562',
  model: 'sc',
  kernelEvents: 1,
  finding: { kind: 'assertion', message: /readers in the end to be 0,0, got -1,0/ },
  scenario: (isBroken) =>
    scenario({
      name: 'two locks on a CPU',
      machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, kernel: [rseq()] },
      setup(lab) {
        const { machine, process } = lab;
        const domain = domainOf(isBroken ? StaleStartDomain : RcuDomain, machine, process);
        for (let n = 0; n < 2; n++)
          lab.spawn(
            function* reader(t) {
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

function domainOf(make: typeof RcuDomain, machine: Machine, process: Process): RcuDomain {
  const address = process.allocate(RcuDomain.sizeBytes(machine));
  return new make(machine, process, address, barrierPlanOf('membarrier'), 'anybody');
}
