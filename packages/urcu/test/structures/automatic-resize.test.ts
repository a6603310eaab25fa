import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Errno, Machine, RandomDirector } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { CallRcu } from '../../src/deferred/call-rcu.js';
import type { CallbackId } from '../../src/deferred/deferred-callbacks.js';
import type { DeferredCallback } from '../../src/deferred/deferred-callbacks.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import { AutomaticResize } from '../../src/structures/automatic-resize.js';
import { RcuHashTable } from '../../src/structures/rcu-hash-table.js';
import { HASH_NODE_BYTES } from '../../src/structures/split-ordered-list.js';
import { EVERY_FLAVOUR } from '../every-flavour.js';
import { withoutAtomics } from './breaking.js';
import type { Breaking } from './reclaiming.js';

const ENTRIES = 24;

function* itself(wanted: number, node: number): Operation<boolean> {
  return node === wanted;
}

interface Use {
  readonly table: RcuHashTable;
  readonly rcu: RcuDomain;
  readonly deferred: CallRcu;
  readonly nodes: readonly number[];
}

/** A table of one bucket that resizes itself up to 16, used by one thread; workers end behind it. */
function used(seed: number, body: (t: Thread, use: Use) => Operation<void>): void {
  const machine = new Machine({ cpus: 3, kernel: [rseq()] }, new RandomDirector({ seed }));
  const process = machine.createProcess('main');
  const rcu = RcuDomain.create(machine, process);
  const deferred = CallRcu.create(machine, process, rcu);
  const table = RcuHashTable.create(process, rcu, { maxBuckets: 16, autoResize: deferred });
  const nodes = Array.from({ length: ENTRIES }, () => process.allocate(HASH_NODE_BYTES));
  deferred.spawnWorkers();
  process.spawn(function* user(t) {
    yield* body(t, { table, rcu, deferred, nodes });
    yield* deferred.stop(t);
  });
  expect(machine.run().outcome).toBe('finished');
}

describe('a hash table that resizes itself', () => {
  it.each([1, 2, 3])(
    'grows as entries come, shrinks as they go, and loses none, seed %i',
    (seed) => {
      const sizes: number[] = [];
      let missing = 0;
      used(seed, function* use(t, { table, rcu, deferred, nodes }) {
        const each = function* each(
          body: (section: RcuToken, node: number) => Operation<unknown>,
        ): Operation<void> {
          for (const node of nodes) {
            const section = yield* rcu.readLock(t);
            yield* body(section, node);
            yield* rcu.readUnlock(t, section);
          }
        };
        yield* each((section, node) => table.add(t, section, node >>> 3, node));
        yield* deferred.barrier(t);
        sizes.push(yield* table.buckets(t));
        yield* each(function* find(section, node) {
          const match = (_t: Thread, candidate: number) => itself(node, candidate);
          if ((yield* table.lookup(t, section, node >>> 3, match)) === undefined) missing += 1;
        });
        yield* each(function* take(section, node) {
          if (yield* table.isDeleted(t, section, node)) missing += 1;
          if (!(yield* table.del(t, section, node))) missing += 1;
          if (!(yield* table.isDeleted(t, section, node))) missing += 1;
        });
        expect(yield* table.destroy(t)).toBe(0);
        sizes.push(yield* table.buckets(t));
      });
      expect(missing).toBe(0);
      expect(sizes[0]).toBeGreaterThan(2);
      expect(sizes[1]).toBeLessThan(sizes[0]!);
    },
  );

  it.each(Object.entries(EVERY_FLAVOUR))('does so under %s', (_, make) => {
    const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new RandomDirector({ seed: 1 }));
    const process = machine.createProcess('main');
    const rcu = make(machine, process);
    const deferred = CallRcu.create(machine, process, rcu);
    const table = RcuHashTable.create(process, rcu, { maxBuckets: 8, autoResize: deferred });
    deferred.spawnWorkers();
    let buckets = 0;
    process.spawn(function* user(t) {
      yield* rcu.registerThread(t);
      for (let n = 0; n < 8; n++) {
        const section = yield* rcu.readLock(t);
        yield* table.add(t, section, n, process.allocate(HASH_NODE_BYTES));
        yield* rcu.readUnlock(t, section);
      }
      yield* rcu.unregisterThread(t);
      yield* deferred.barrier(t);
      buckets = yield* table.buckets(t);
      yield* deferred.stop(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(buckets).toBeGreaterThan(1);
  });
});

describe('destroying a hash table', () => {
  it('is refused with -EPERM while there are entries', () => {
    const results: number[] = [];
    used(1, function* use(t, { table, rcu, nodes: [node] }) {
      let section = yield* rcu.readLock(t);
      yield* table.add(t, section, 1, node!);
      yield* rcu.readUnlock(t, section);
      results.push(yield* table.destroy(t));
      section = yield* rcu.readLock(t);
      yield* table.del(t, section, node!);
      yield* rcu.readUnlock(t, section);
      results.push(yield* table.destroy(t));
    });
    expect(results).toEqual([-Errno.EPERM, 0]);
  });
});

/** Two threads ask for sizes while a worker is at it; at most one call is to be under way. */
function asking(breaking: Breaking): Scenario {
  return scenario({
    name: 'asking for sizes',
    machine: { cpus: 3, maxThreads: 3, maxProcesses: 1, kernel: [rseq()] },
    events: { preemption: false, migration: false },
    setup({ process }) {
      const [size, queued, ended] = [0, 0, 0].map(() => process.allocate(4)) as [
        number,
        number,
        number,
      ];
      const callbacks: DeferredCallback[] = [];
      process.write32(size, 1);
      const automatic = new AutomaticResize(
        process,
        {
          define: (callback) => (callbacks.push(callback) - 1) as CallbackId,
          *call(t) {
            if ((yield* t.fetchAdd(queued, 1)) !== 0) yield* t.store(size, -1);
          },
        },
        {
          least: 1,
          most: 64,
          resize: (t, buckets) => t.store(size, buckets),
        },
      );
      for (const chain of [3, 5])
        process.spawn(function* asks(t) {
          yield* breaking(t, (user) => automatic.added(user, size, chain));
          yield* t.fetchAdd(ended, 1);
        });
      process.spawn(function* worker(t) {
        yield* t.waitUntilNotEqual(queued, 0);
        yield* t.fetchAdd(queued, -1);
        yield* breaking(t, (user) => callbacks[0]!(user, 0));
        yield* t.waitUntilEqual(ended, 2);
        if ((yield* t.load(queued)) === 0) return;
        yield* t.fetchAdd(queued, -1);
        yield* breaking(t, (user) => callbacks[0]!(user, 0));
      });
      return { size, process, target: automatic.address };
    },
    check({ size, process, target }, lab) {
      lab.expectEqual(process.read32(size), process.read32(target), 'buckets in the end');
    },
  });
}

describe('asking for a size', () => {
  it('is done in the end, in every state of two askers and a worker', () => {
    expect(
      check(
        asking((t, act) => act(t)),
        { search: 'states', kernelEvents: 0 },
      ),
    ).toMatchObject({
      outcome: 'holds',
      blocked: 0,
    });
  });

  it('is not where whether one is under way is looked at in two steps, which is found', () => {
    expect(check(asking(withoutAtomics), { search: 'states', kernelEvents: 0 }).outcome).toBe(
      'fails',
    );
  });
});
