import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { fork, setAffinity } from '@rseqlab/sim-machine';
import { DeferRcu } from '../../src/deferred/defer-rcu.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { ShortestGracePeriods } from '../structures/shortest-grace-periods.js';

/** Which handlers are called around the fork, default both; and how large it is. */
export interface DeferFork {
  readonly before?: boolean;
  readonly inChild?: boolean;
  /**
   * With the grace periods of a domain, and a thread that forks that waits for what it has deferred, too: more states than
   * were ever taken. Default: with the shortest grace periods, and what that thread deferred is left in the parent.
   */
  readonly isLarge?: boolean;
}

/** What the thread that forks defers, and what the other does: how often each was called is a digit. */
const [OWN, OTHER] = [1, 16];

/**
 * A thread that has deferred a function forks at any point of another that defers one and waits until it has been
 * called. In the child each that was deferred before is called once, if it was not before.
 *
 * The child goes on when its parent is at its end, as they share nothing.
 */
export function deferFork(options: DeferFork = {}): Scenario {
  const { before = true, inChild = true, isLarge = false } = options;
  return scenario({
    name: 'a fork beside a thread that defers',
    machine: { cpus: 3, maxThreads: 3, maxProcesses: 2, kernel: [rseq()] },
    events: { preemption: false, migration: false },
    setup(lab) {
      const { machine, process } = lab;
      const domain = isLarge
        ? RcuDomain.create(machine, process, { barriers: 'fence' })
        : undefined;
      const rcu = domain ?? new ShortestGracePeriods(machine, process, 3);
      const defer = DeferRcu.create(process, rcu, { threads: 2, capacity: 2 });
      const [called, isReady, begins, hasDeferred] = [0, 0, 0, 0].map(() =>
        process.allocate(4),
      ) as [number, number, number, number];
      const atEnd = process.mapShared(machine.createSharedMemory(4096));
      const count = defer.define(function* count(t, argument) {
        yield* t.fetchAdd(called, argument);
      });
      process.spawn(
        function* other(t) {
          yield* t.waitUntilEqual(isReady, 1);
          yield* defer.registerThread(t);
          yield* t.store(begins, 1);
          yield* defer.defer(t, count, OTHER);
          yield* t.store(hasDeferred, 1);
          yield* defer.barrierThread(t);
          yield* t.fetchAdd(atEnd, 1);
        },
        { cpu: 0 },
      );
      process.spawn(
        function* forks(t) {
          yield* defer.registerThread(t);
          yield* defer.defer(t, count, OWN);
          yield* t.storeRelease(isReady, 1);
          if (before) yield* defer.beforeFork(t);
          if (domain) yield* domain.beforeFork(t);
          const pid = yield* fork(t, function* child(c) {
            // Who waits for a word has its CPU all the while: one that no other wants.
            yield* setAffinity(c, [2]);
            yield* c.waitUntilEqual(atEnd, 2);
            if (domain) yield* domain.afterForkChild(c);
            if (inChild) yield* defer.afterForkChild(c);
            yield* defer.barrier(c);
            const calls = yield* c.load(called);
            const mayBe = (yield* c.load(begins)) === 1;
            const mustBe = (yield* c.load(hasDeferred)) === 1;
            const isOnce = mustBe
              ? calls === OWN + OTHER
              : calls === OWN || (mayBe && calls === OWN + OTHER);
            lab.expect(isOnce, 'each function to be called once in the child', c);
          });
          if (domain) yield* domain.afterForkParent(t, pid);
          if (before) yield* defer.afterForkParent(t);
          if (isLarge) yield* defer.barrierThread(t);
          yield* t.fetchAdd(atEnd, 1);
        },
        { cpu: 1 },
      );
      return { process, called };
    },
    check({ process, called }, lab) {
      const expected = isLarge ? OWN + OTHER : OTHER;
      lab.expectEqual(process.read32(called), expected, 'calls in the parent');
    },
  });
}
