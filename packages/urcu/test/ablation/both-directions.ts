import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { MachineConfig } from '@rseqlab/sim-machine';
import type { BarrierPlan } from '../../src/domain/barrier-plan.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';

/** What a run of the guarantee looks like. */
export interface Guarantee {
  readonly plan: BarrierPlan;
  readonly machine: MachineConfig;
  /** Whether the reader enters and leaves a second section inside of the first. */
  readonly isNested?: boolean;
}

/**
 * What a grace period guarantees, in both directions, for one reader and one updater.
 *
 * ```text
 * reader:  lock; sawBefore = x; y = 1; sawAfter = z; unlock
 * updater: x = 1; grace period; sawSection = y; z = 1
 * ```
 *
 * A section that misses what came before the grace period has ended before it does: `y` is seen. And it
 * misses what comes behind: `z` is not.
 */
export function bothDirections({ plan, machine: config, isNested = false }: Guarantee): Scenario {
  return scenario({
    name: 'a read section and a grace period',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, kernel: [rseq()], ...config },
    events: { migration: false },
    setup(lab) {
      const { machine, process } = lab;
      const address = process.allocate(RcuDomain.sizeBytes(machine));
      const domain = new RcuDomain(machine, process, address, plan);
      const [x, y, z, seen] = [0, 0, 0, 0].map(() => process.allocate(4)) as [
        number,
        number,
        number,
        number,
      ];
      lab.spawn(function* reader(t) {
        const outer = yield* domain.readLock(t);
        const sawBefore = yield* t.load(x);
        if (isNested) yield* domain.readUnlock(t, yield* domain.readLock(t));
        yield* t.store(y, 1);
        const sawAfter = yield* t.load(z);
        lab.expect(
          sawBefore === 1 || sawAfter === 0,
          'a section that began before a grace period to see nothing from behind it',
          t,
        );
        if (sawBefore === 0) yield* t.store(seen, 1);
        yield* domain.readUnlock(t, outer);
      });
      lab.spawn(function* updater(t) {
        yield* t.store(x, 1);
        yield* domain.synchronize(t);
        const sawSection = yield* t.load(y);
        yield* t.store(z, 1);
        if (sawSection === 0) yield* t.fetchOr(seen, 2);
      });
      return { seen, process };
    },
    check({ seen, process }, lab) {
      lab.expect(
        process.read32(seen) !== 3,
        'what was stored in a section to be seen behind the grace period that waited for it',
      );
    },
  });
}
