import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { SignalNumber, gettid, sigaction } from '@rseqlab/sim-machine';
import type {
  EventAllowance,
  Machine,
  MemoryModelName,
  Operation,
  Process,
  Thread,
} from '@rseqlab/sim-machine';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { CounterOffset, DomainOffset } from '../../src/domain/domain-layout.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';

/** A reader whose stores are buffered, and what may interrupt it. */
export interface InterruptedReader {
  readonly memory: MemoryModelName;
  readonly events: EventAllowance;
  /** Stores that its CPU can buffer; default as many as a machine's CPUs can. */
  readonly entries?: number;
  readonly make?: (machine: Machine, process: Process) => RcuDomain;
}

/** A lock that loads and stores, on the only CPU and without a section: what comes between is lost. */
export class LockInTwoSteps extends RcuDomain {
  constructor(machine: Machine, process: Process) {
    const address = process.allocate(RcuDomain.sizeBytes(machine));
    super(machine, process, address, barrierPlanOf('membarrier'), 'anybody');
  }

  override *readLock(t: Thread): Operation<RcuToken> {
    const locks = this.address + DomainOffset.firstBlock + CounterOffset.lock;
    yield* t.store(locks, (yield* t.load(locks)) + 1);
    return 0 as RcuToken;
  }
}

/** A read section, beside a thread that does next to nothing; a signal brings another section. */
export function interruptedReader(options: InterruptedReader): Scenario {
  const { memory, events, entries: storeBufferEntries } = options;
  const make = options.make ?? ((machine, process) => RcuDomain.create(machine, process));
  return scenario({
    name: 'an interrupted reader',
    machine: {
      cpus: 2,
      memory,
      maxThreads: 2,
      maxProcesses: 1,
      kernel: [rseq()],
      ...(storeBufferEntries !== undefined && { storeBufferEntries }),
    },
    events: { preemption: false, migration: false, ...events },
    setup(lab) {
      const domain = make(lab.machine, lab.process);
      lab.spawn(
        function* reader(t) {
          if (events.signals !== undefined)
            yield* sigaction(t, SignalNumber.SIGUSR1, function* handler(h) {
              yield* domain.readUnlock(h, yield* domain.readLock(h));
            });
          yield* domain.readUnlock(t, yield* domain.readLock(t));
        },
        { cpu: 0 },
      );
      if (events.preemption === true) lab.spawn((t) => gettid(t), { cpu: 0 });
      return domain;
    },
    check(domain, lab) {
      lab.expectEqual(domain.activeReaders().join(), '0,0', 'readers in the end');
    },
  });
}
