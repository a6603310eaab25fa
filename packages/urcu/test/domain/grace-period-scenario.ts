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
import { RcuDomain } from '../../src/domain/rcu-domain.js';

/** A value that no reader may see: what freed memory is filled with. */
const POISON = 0x5a5a5a5a;

/** The parts of a scenario in which an updater replaces what readers read. */
export interface Replacement {
  readonly name?: string;
  readonly machine?: MachineConfig;
  readonly kernel?: readonly KernelModule[];
  /** Readers; default 1. */
  readonly readers?: number;
  readonly makeDomain?: (machine: Machine, process: Process) => RcuDomain;
  /** What an updater does between unpublishing and freeing; default one grace period. */
  readonly wait?: (t: Thread, domain: RcuDomain) => Operation<void>;
}

function synchronizing(t: Thread, domain: RcuDomain): Operation<void> {
  return domain.synchronize(t);
}

/** Readers follow a pointer; an updater replaces its target, waits, and poisons the old one. */
export function replacing(options: Replacement = {}): Scenario {
  const { readers = 1, kernel = [rseq()], wait = synchronizing } = options;
  const makeDomain =
    options.makeDomain ?? ((machine, process) => RcuDomain.create(machine, process));
  return scenario({
    name: options.name ?? 'replacing under RCU',
    machine: { cpus: 2, maxThreads: readers + 1, maxProcesses: 1, kernel, ...options.machine },
    setup(lab) {
      const { process } = lab;
      const domain = makeDomain(lab.machine, process);
      const pointer = process.allocate(4);
      const [old, fresh] = [process.allocate(4), process.allocate(4)];
      process.write32(pointer, old);
      process.write32(old, 1);
      process.write32(fresh, 2);
      for (let i = 0; i < readers; i++)
        lab.spawn(function* reader(t) {
          const token = yield* domain.readLock(t);
          const value = yield* t.load(yield* t.load(pointer));
          lab.expect(value !== POISON, `reader ${i} to see no freed memory`, t);
          yield* domain.readUnlock(t, token);
        });
      lab.spawn(function* updater(t) {
        yield* t.storeRelease(pointer, fresh);
        yield* wait(t, domain);
        yield* t.store(old, POISON);
      });
      return domain;
    },
    check(domain, lab) {
      lab.expectEqual(domain.activeReaders().join(), '0,0', 'readers in the end');
    },
  });
}
