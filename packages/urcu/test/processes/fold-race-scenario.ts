import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import type { Machine, Process } from '@rseqlab/sim-machine';
import { CounterOffset } from '../../src/domain/domain-layout.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import { ProcessAnchor } from '../../src/processes/process-anchor.js';
import type { ProcessSlots } from '../../src/processes/process-slots.js';
import { countersOffset, slotOffset } from '../../src/processes/region-layout.js';
import type { RegionShape } from '../../src/processes/region-layout.js';
import { SharedRcuDomain } from '../../src/processes/shared-rcu-domain.js';

const SHAPE = { cpus: 1, slots: 2 } as const;

/** The pid of nobody. */
const DEAD = 4242;

/**
 * A dead process has left a section that it ended and one that it did not. While a survivor recovers its
 * slot, another scans, and a reader who is inside leaves.
 */
export function foldRace(slotsOf: (region: number, shape: RegionShape) => ProcessSlots): Scenario {
  return scenario({
    name: 'a scan beside a recovery',
    machine: { cpus: 3, maxThreads: 3, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    // A survivor wakes nobody: in a grace period of its own, it is the one that sleeps.
    allowBlocked: true,
    setup(lab) {
      const { machine, process } = lab;
      const region = machine.createSharedMemory(4096);
      const address = process.mapShared(region);
      const slots = slotsOf(address, SHAPE);
      const rcu = memberOf(machine, process, address);
      const [dead, own] = [0, 1].map((slot) => address + countersOffset(SHAPE, slot));
      process.write32(address + slotOffset(0), DEAD);
      process.write32(dead! + CounterOffset.lock, 2);
      process.write32(dead! + CounterOffset.unlock, 1);
      process.write32(own! + CounterOffset.lock, 1);
      const hasLeft = process.allocate(4);
      lab.spawn(function* reader(t) {
        yield* t.store(hasLeft, 1);
        yield* rcu.readUnlock(t, 0 as RcuToken);
      });
      lab.spawn(function* survivor(t) {
        yield* slots.recover(t, process.pid);
      });
      lab.spawn(function* updater(t) {
        yield* rcu.synchronize(t);
        const left = yield* t.load(hasLeft);
        lab.expect(left === 1, 'the reader to have left at the end of the grace period', t);
      });
    },
  });
}

function memberOf(machine: Machine, process: Process, address: number): SharedRcuDomain {
  const anchor = new ProcessAnchor(process);
  process.write32(address + slotOffset(1), process.pid);
  process.write32(anchor.address, address + countersOffset(SHAPE, 1));
  process.write32(anchor.address + 8, process.pid);
  const terms = { ...SHAPE, barriers: 'fence' } as const;
  const variant = { anchor, mostChecks: 0, leftBy: 'anybody' } as const;
  return new SharedRcuDomain(machine, process, address, terms, Infinity, variant);
}
