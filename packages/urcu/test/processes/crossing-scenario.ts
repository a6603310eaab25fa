import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { MembarrierCommand, membarrier } from '@rseqlab/sim-machine';
import type { Process } from '@rseqlab/sim-machine';
import type { BarrierPlan } from '../../src/domain/barrier-plan.js';
import { ProcessAnchor } from '../../src/processes/process-anchor.js';
import { countersOffset } from '../../src/processes/region-layout.js';
import { SharedRcuDomain } from '../../src/processes/shared-rcu-domain.js';

const POISON = 0x5a5a5a5a;

/** One slot will do: the updater reads nothing. */
const SHAPE = { cpus: 2, slots: 1 } as const;

/** What is different from run to run. */
export interface Crossing {
  readonly memory: 'sc' | 'tso';
  readonly plan: BarrierPlan;
  /** Whether the reader's process is registered, so that global membarriers reach it. */
  readonly isReached?: boolean;
}

/**
 * A reader and an updater in two processes that have joined already and do not die, so that there are
 * finitely many executions.
 */
export function crossing({ memory, plan, isReached = false }: Crossing): Scenario {
  return scenario({
    name: 'a reader and an updater of two processes',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 2, kernel: [rseq()], memory },
    events: { preemption: false, migration: false },
    setup(lab) {
      const { machine } = lab;
      const region = machine.createSharedMemory(SharedRcuDomain.sizeBytes(machine, SHAPE.slots));
      const memory = machine.createSharedMemory(256);
      const memberOf = (process: Process) => {
        const address = process.mapShared(region);
        const anchor = new ProcessAnchor(process);
        process.write32(anchor.address, address + countersOffset(SHAPE, 0));
        process.write32(anchor.address + 8, process.pid);
        const terms = { ...SHAPE, barriers: 'fence' } as const;
        const variant = { plan, anchor, mostChecks: 0 };
        const rcu = new SharedRcuDomain(machine, process, address, terms, Infinity, variant);
        return { rcu, data: process.mapShared(memory) };
      };
      const reader = machine.createProcess('reader');
      const [theirs, ours] = [memberOf(reader), memberOf(lab.process)];
      lab.process.write32(ours.data, 64);
      reader.spawn(function* read(t) {
        const { rcu, data } = theirs;
        if (isReached) yield* membarrier(t, MembarrierCommand.RegisterGlobalExpedited);
        const token = yield* rcu.readLock(t);
        const value = yield* t.load(data + (yield* t.load(data)));
        lab.expect(value !== POISON, 'the reader to see no freed memory', t);
        yield* rcu.readUnlock(t, token);
      });
      lab.spawn(function* update(t) {
        const { rcu, data } = ours;
        yield* t.storeRelease(data, 128);
        yield* rcu.synchronize(t);
        yield* t.store(data + 64, POISON);
      });
    },
  });
}
