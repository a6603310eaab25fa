import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { RcuDomain } from '../../src/domain/rcu-domain.js';

/** What freed memory is filled with: no reader may see it. */
const POISON = 0x5a5a5a5a;

/** Who uses a domain. */
export interface SeveralUpdaters {
  readonly readers: number;
  readonly updaters: number;
  readonly memory: MemoryModelName;
  /** Whether updaters share a CPU, which each has until it sleeps or is preempted; default each has one of its own. */
  readonly isShared?: boolean;
  /** Whether updaters wait for a grace period; default true. */
  readonly waits?: boolean;
}

/** Readers follow a pointer, whose target each updater replaces once, waits for the grace period of, and poisons. */
export function severalUpdaters(options: SeveralUpdaters): Scenario {
  const { readers, updaters, memory, isShared = false, waits = true } = options;
  const threads = readers + updaters;
  const cpus = readers + (isShared ? 1 : updaters);
  return scenario({
    name: 'several readers and updaters of a domain',
    machine: { cpus, maxThreads: threads, maxProcesses: 1, memory, kernel: [rseq()] },
    ...(isShared && { events: { migration: false } }),
    setup(lab) {
      const { machine, process } = lab;
      const domain = RcuDomain.create(machine, process);
      const pointer = process.allocate(4);
      const versions = Array.from({ length: updaters + 1 }, () => process.allocate(4));
      for (const version of versions) process.write32(version, 1);
      process.write32(pointer, versions[0]!);
      for (let cpu = 0; cpu < readers; cpu++)
        process.spawn(
          function* reader(t) {
            const token = yield* domain.readLock(t);
            const value = yield* t.load(yield* t.loadAcquire(pointer));
            lab.expect(value !== POISON, 'no freed memory to be read', t);
            yield* domain.readUnlock(t, token);
          },
          { cpu },
        );
      for (const [n, version] of versions.slice(1).entries())
        process.spawn(
          function* updater(t) {
            const old = yield* t.exchange(pointer, version);
            if (waits) yield* domain.synchronize(t);
            yield* t.store(old, POISON);
          },
          { cpu: isShared ? readers : readers + n },
        );
    },
  });
}
