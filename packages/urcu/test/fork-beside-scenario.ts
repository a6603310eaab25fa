import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { fork, pthreadCreate, setAffinity } from '@rseqlab/sim-machine';
import type { MemoryModelName, Operation, Thread } from '@rseqlab/sim-machine';
import { RcuDomain } from '../src/domain/rcu-domain.js';
import type { RcuToken } from '../src/domain/rcu-token.js';

/** What freed memory is filled with. */
const POISON = 0x5a5a5a5a;

/** What another thread of the parent does while one forks. */
export type Beside = 'reads' | 'updates';

/** A fork at any point of what another thread does. */
export interface ForkBeside {
  readonly beside: Beside;
  readonly memory?: MemoryModelName;
  /** What the child does first; default what it has to. */
  readonly inChild?: (t: Thread, domain: RcuDomain, sections: RcuToken[]) => Operation<void>;
}

/**
 * A thread forks while another of its process, on another CPU, reads or waits for a grace period.
 *
 * | beside    | parent                                    | child                                     |
 * |-----------|-------------------------------------------|-------------------------------------------|
 * | `reads`   | forks                                     | waits for a grace period, which ends      |
 * | `updates` | forks inside of a section, and reads on   | reads on, beside an updater of its own    |
 *
 * The child goes on when its parent is at its end: but for a word that says so, they share nothing, so that no
 * order of both is left out.
 */
export function forkBeside(options: ForkBeside): Scenario {
  const { beside, memory = 'sc', inChild = handled } = options;
  return scenario({
    name: `a fork beside a thread that ${beside}`,
    machine: { cpus: 3, maxThreads: 4, maxProcesses: 2, kernel: [rseq()], memory },
    events: { preemption: false, migration: false },
    setup(lab) {
      const { machine, process } = lab;
      const domain = RcuDomain.create(machine, process, { barriers: 'fence' });
      const [pointer, old, fresh, isInside] = [0, 0, 0, 0].map(() => process.allocate(4)) as [
        number,
        number,
        number,
        number,
      ];
      process.write32(pointer, old);
      const atEnd = process.mapShared(machine.createSharedMemory(4096));
      const reads = function* (t: Thread, target: number): Operation<void> {
        const value = yield* t.load(target);
        lab.expect(value !== POISON, 'a reader to see no freed memory', t);
      };
      const updates = function* (t: Thread): Operation<void> {
        yield* t.storeRelease(pointer, fresh);
        yield* domain.synchronize(t);
        yield* t.store(old, POISON);
      };
      /** The last of the parent's threads leaves nothing behind by which states of the child would be told apart. */
      const ends = function* (t: Thread): Operation<void> {
        if ((yield* t.fetchAdd(atEnd, 1)) === 0) return;
        if (beside === 'updates')
          for (let at = 0; at < RcuDomain.sizeBytes(machine); at += 4)
            yield* t.store(domain.address + at, 0);
        yield* t.store(atEnd, 3);
      };
      process.spawn(
        function* other(t) {
          if (beside === 'updates') {
            yield* t.waitUntilEqual(isInside, 1);
            yield* updates(t);
          } else {
            const token = yield* domain.readLock(t);
            yield* reads(t, yield* t.load(pointer));
            yield* domain.readUnlock(t, token);
          }
          yield* ends(t);
        },
        { cpu: 0 },
      );
      process.spawn(
        function* forks(t) {
          const sections = beside === 'updates' ? [yield* domain.readLock(t)] : [];
          const target = beside === 'updates' ? yield* t.load(pointer) : 0;
          yield* t.storeRelease(isInside, 1);
          yield* domain.beforeFork(t, sections);
          const pid = yield* fork(t, function* child(c) {
            // Who waits for a word has its CPU all the while: one that no other wants.
            yield* setAffinity(c, [2]);
            yield* c.waitUntilEqual(atEnd, 3);
            yield* setAffinity(c, [0, 1, 2]);
            yield* inChild(c, domain, sections);
            if (beside === 'reads') return yield* domain.synchronize(c);
            yield* pthreadCreate(c, function* updater(u) {
              yield* updates(u);
              return 0;
            });
            yield* reads(c, target);
            yield* domain.readUnlock(c, sections[0]!);
          });
          yield* domain.afterForkParent(t, pid);
          if (beside === 'updates') {
            yield* reads(t, target);
            yield* domain.readUnlock(t, sections[0]!);
          }
          yield* ends(t);
        },
        { cpu: 1 },
      );
    },
  });
}

function handled(t: Thread, domain: RcuDomain, sections: RcuToken[]): Operation<void> {
  return domain.afterForkChild(t, sections);
}

/** A child that goes on as if nothing had happened. */
export function* unhandled(): Operation<void> {
  // Nothing is told that there is only one thread.
}
