import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { KernelModule, MemoryModelName, Process } from '@rseqlab/sim-machine';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { ProcessAnchor } from '../../src/processes/process-anchor.js';
import { SlotOffset, countersOffset, slotOffset } from '../../src/processes/region-layout.js';
import { SharedRcuDomain } from '../../src/processes/shared-rcu-domain.js';
import type { SharedVariant } from '../../src/processes/shared-rcu-domain.js';
import { BelledLock, BelledUpdaters, DeathBell } from './death-bell.js';

/** What freed memory is filled with. */
const POISON = 0x5a5a5a5a;

const SHAPE = { cpus: 2, slots: 2 } as const;

/** Offsets in the data that processes share: a pointer, and what it points to before and after. */
const Data = { pointer: 0, old: 64, fresh: 128, bytes: 256 } as const;

/** What a reader does beside the updater of another process. */
export interface Beside {
  readonly memory?: MemoryModelName;
  /** Processes that may be killed: `reader`, `updater`. */
  readonly kills: readonly string[];
  /** Whether it joins when the updater is under way already, and leaves: else it is there all the time. */
  readonly comesLate?: boolean;
  /** What it does when it has read: looks for the dead, which takes the lock; waits for a grace period. */
  readonly then?: readonly ('recover' | 'synchronize')[];
  readonly variant?: SharedVariant;
  readonly kernel?: readonly KernelModule[];
}

/**
 * A reader and an updater in two processes, on two CPUs, of which each may be killed at any step while
 * the other runs: whoever is left gets to its end, and no reader sees freed memory.
 */
export function beside(options: Beside): Scenario {
  const { memory = 'sc', kills, comesLate = false, then = [], variant = {} } = options;
  const bell = new DeathBell();
  return scenario({
    name: 'a reader beside the updater of another process',
    machine: {
      cpus: 2,
      maxThreads: 2,
      maxProcesses: 3,
      kernel: [...(options.kernel ?? [rseq()]), bell],
      memory,
    },
    events: { preemption: false, migration: false, kills: [...kills] },
    setup(lab) {
      const { machine } = lab;
      const region = machine.createSharedMemory(SharedRcuDomain.sizeBytes(machine, SHAPE.slots));
      const memory = machine.createSharedMemory(Data.bytes);
      const memberOf = (process: Process, slot: number, hasJoined: boolean) => {
        const address = process.mapShared(region);
        const anchor = new ProcessAnchor(process);
        if (hasJoined) {
          process.write32(anchor.address, address + countersOffset(SHAPE, slot));
          process.write32(anchor.address + 4, slot);
          process.write32(anchor.address + 8, process.pid);
          process.write32(address + slotOffset(slot) + SlotOffset.owner, process.pid);
        }
        bell.add(process.id, address);
        const terms = { ...SHAPE, barriers: 'fence' } as const;
        const rcu = new SharedRcuDomain(machine, process, address, terms, Infinity, {
          plan: barrierPlanOf('fence'),
          anchor,
          mostChecks: 0,
          updaters: (parts) => new BelledUpdaters(parts),
          lock: (word) => new BelledLock(word),
          ...variant,
        });
        return { rcu, data: process.mapShared(memory) };
      };
      const [reader, updater] = [machine.createProcess('reader'), machine.createProcess('updater')];
      const [theirs, ours] = [memberOf(reader, 1, !comesLate), memberOf(updater, 0, true)];
      reader.write32(theirs.data + Data.pointer, Data.old);
      reader.spawn(
        function* read(t) {
          const { rcu, data } = theirs;
          if (comesLate) yield* rcu.join(t);
          const token = yield* rcu.readLock(t);
          const value = yield* t.load(data + (yield* t.load(data + Data.pointer)));
          lab.expect(value !== POISON, 'the reader to see no freed memory', t);
          yield* rcu.readUnlock(t, token);
          for (const name of then) yield* rcu[name](t);
          if (comesLate) yield* rcu.leave(t);
        },
        { cpu: 0 },
      );
      updater.spawn(
        function* update(t) {
          const { rcu, data } = ours;
          yield* t.storeRelease(data + Data.pointer, Data.fresh);
          yield* rcu.synchronize(t);
          yield* t.store(data + Data.old, POISON);
        },
        { cpu: 1 },
      );
    },
  });
}
