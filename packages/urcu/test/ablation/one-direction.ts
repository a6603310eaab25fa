import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import type { MachineConfig, Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { BarrierPlan } from '../../src/domain/barrier-plan.js';
import { DomainOffset, GRACE_PERIOD_WAITS, domainBytes } from '../../src/domain/domain-layout.js';
import { ATTEMPTS, GracePeriod } from '../../src/domain/grace-period.js';
import { SCAN_ENTRY, SCAN_PROGRAM } from '../../src/domain/scan-program.js';
import type { Updaters } from '../../src/domain/updaters.js';
import { BareReader } from './bare-reader.js';

/** Which way a section may leak: past the end of a grace period, or back before its beginning. */
export type Direction = 'down' | 'up';

/** How much of a grace period there is, and of the reader. */
export interface Half {
  readonly direction: Direction;
  readonly plan: BarrierPlan;
  readonly machine: MachineConfig;
  /** Whether a second section is entered and left inside of the first. */
  readonly isNested?: boolean;
  /** Whether a grace period goes on when its first scan finds a reader: with flip and sleep. */
  readonly goesOn?: boolean;
  /** Scans before it sleeps; default those of a grace period that is not expedited. */
  readonly attempts?: number;
}

/** What the threads of a direction do inside of the section, and behind the grace period. */
interface Program {
  reader(t: Thread): Operation<boolean>;
  updater(t: Thread): Operation<boolean>;
  /** What must not be when both return true. */
  readonly forbidden: string;
}

function programOf(direction: Direction, other: number): Program {
  if (direction === 'down')
    return {
      *reader(t) {
        yield* t.store(other, 1);
        return true;
      },
      *updater(t) {
        return (yield* t.load(other)) === 0;
      },
      forbidden:
        'what was stored in a section to be seen behind the grace period that waited for it',
    };
  return {
    *reader(t) {
      return (yield* t.load(other)) === 1;
    },
    *updater(t) {
      yield* t.store(other, 1);
      return true;
    },
    forbidden: 'a section that began before a grace period to see nothing from behind it',
  };
}

/** Updaters of which there is one; without the kernel. The lock is had by nobody if it is not to go on. */
function bareUpdaters(domain: number, goesOn: boolean): Updaters {
  return {
    *lock(t) {
      if (!goesOn) yield* t.waitUntilNotEqual(domain + DomainOffset.lock, 0);
    },
    *unlock() {
      // There is one updater.
    },
    *note() {
      // Nobody could see it.
    },
    *sleep(t) {
      yield* t.waitUntilNotEqual(domain + DomainOffset.futex, GRACE_PERIOD_WAITS);
    },
  };
}

/**
 * Half of what a grace period guarantees, in as few accesses as show it: small enough to take every
 * state of it under the weak model. The updater is the domain's own; of the reader there is what its
 * sections commit, on one CPU; nobody enters the kernel but for membarrier.
 *
 * ```text
 * down: reader: lock; r = x; y = 1; unlock   updater: x = 1; grace period; s = y   not: r = 0, s = 0
 * up:   reader: lock; r = x; s = z; unlock   updater: x = 1; grace period; z = 1   not: r = 0, s = 1
 * ```
 */
export function oneDirection(half: Half): Scenario {
  const { direction, plan, machine: config, isNested = false, goesOn = false } = half;
  const { attempts = ATTEMPTS } = half;
  return scenario({
    name: `a read section that may leak ${direction}`,
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, ...config },
    events: { preemption: false, migration: false },
    allowBlocked: !goesOn,
    setup({ machine, process }) {
      const address = process.allocate(domainBytes(1));
      const [x, other, seen] = [0, 0, 0].map(() => process.allocate(4)) as [number, number, number];
      const { reader, updater, forbidden } = programOf(direction, other);
      const bare = new BareReader(address, plan);
      const gracePeriod = new GracePeriod({
        address,
        counters: address + DomainOffset.firstBlock,
        blocks: 1,
        barriers: plan,
        sum: machine.install(SCAN_PROGRAM).routine(SCAN_ENTRY),
        updaters: bareUpdaters(address, goesOn),
      });
      process.spawn(
        function* reads(t) {
          const outer = yield* bare.lock(t, 1);
          const isEarly = (yield* t.load(x)) === 0;
          if (isNested) yield* bare.unlock(t, yield* bare.lock(t, 2), 1);
          const isWrong = yield* reader(t);
          yield* bare.unlock(t, outer, isNested ? 2 : 1);
          if (isEarly && isWrong) yield* t.fetchOr(seen, 1);
        },
        { cpu: 0 },
      );
      process.spawn(
        function* updates(t) {
          yield* t.store(x, 1);
          yield* gracePeriod.wait(t, { attempts });
          if (yield* updater(t)) yield* t.fetchOr(seen, 2);
        },
        { cpu: 1 },
      );
      return { process, seen, forbidden };
    },
    check({ process, seen, forbidden }: Outcome, lab) {
      lab.expect(process.read32(seen) !== 3, forbidden);
    },
  });
}

interface Outcome {
  readonly process: Process;
  readonly seen: number;
  readonly forbidden: string;
}
