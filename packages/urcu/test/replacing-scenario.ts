import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type {
  KernelModule,
  Machine,
  MachineConfig,
  Operation,
  Process,
  Thread,
} from '@rseqlab/sim-machine';
import { RcuDomain } from '../src/domain/rcu-domain.js';
import type { RcuFlavour } from '../src/rcu-flavour.js';

/** A value that no reader may see: what freed memory is filled with. */
const POISON = 0x5a5a5a5a;

/** The parts of a scenario in which an updater replaces what readers read. */
interface Replacement {
  readonly machine?: MachineConfig;
  readonly kernel?: readonly KernelModule[];
  /** Readers; default 1. */
  readonly readers?: number;
  /** How often the target is replaced; default 1. */
  readonly updates?: number;
  /** Makes the flavour; default a domain. */
  readonly make?: (machine: Machine, process: Process) => RcuFlavour;
  /** What an updater does between unpublishing and freeing; default one grace period. */
  readonly wait?: (t: Thread, rcu: RcuFlavour) => Operation<void>;
}

/** Readers follow a pointer; an updater replaces its target, waits, poisons the old one, and so on. */
export function replacing(options: Replacement = {}): Scenario {
  const { readers = 1, updates = 1, kernel = [rseq()], wait = synchronizing } = options;
  const make = options.make ?? ((machine, process) => RcuDomain.create(machine, process));
  return scenario({
    name: 'replacing under RCU',
    machine: { cpus: 2, maxThreads: readers + 1, maxProcesses: 1, kernel, ...options.machine },
    setup(lab) {
      const { process } = lab;
      const rcu = make(lab.machine, process);
      const pointer = process.allocate(4);
      const versions = Array.from({ length: updates + 1 }, () => process.allocate(4));
      process.write32(pointer, versions[0]!);
      for (const [n, version] of versions.entries()) process.write32(version, n + 1);
      for (let i = 0; i < readers; i++)
        lab.spawn(function* reader(t) {
          yield* rcu.registerThread(t);
          const token = yield* rcu.readLock(t);
          const value = yield* t.load(yield* t.load(pointer));
          lab.expect(value !== POISON, `reader ${i} to see no freed memory`, t);
          yield* rcu.readUnlock(t, token);
          yield* rcu.unregisterThread(t);
        });
      lab.spawn(function* updater(t) {
        for (let n = 0; n < updates; n++) {
          yield* t.storeRelease(pointer, versions[n + 1]!);
          yield* wait(t, rcu);
          yield* t.store(versions[n]!, POISON);
        }
      });
      return rcu;
    },
    check(rcu, lab) {
      if (rcu instanceof RcuDomain)
        lab.expectEqual(rcu.activeReaders().join(), '0,0', 'readers in the end');
    },
  });
}

function synchronizing(t: Thread, rcu: RcuFlavour): Operation<void> {
  return rcu.synchronize(t);
}
