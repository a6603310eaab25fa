import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, RandomDirector, TimedDirector } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import { RcuHashTable } from '../../src/structures/rcu-hash-table.js';
import { HASH_NODE_BYTES } from '../../src/structures/split-ordered-list.js';
import type { Match } from '../../src/structures/split-ordered-list.js';

const KEY = HASH_NODE_BYTES;

/** Few hashes, so that entries share them. */
const hashOf = (key: number): number => (key & 3) * 0x10000001;

function withKey(key: number): Match {
  return function* match(t, node) {
    return (yield* t.load(node + KEY)) === key;
  };
}

function nodeOf(process: Process, key: number): number {
  const node = process.allocate(HASH_NODE_BYTES + 4);
  process.write32(node + KEY, key);
  return node;
}

/** Runs one thread in a read section. */
function inSection(
  body: (t: Thread, section: RcuToken, table: RcuHashTable, process: Process) => Operation<void>,
): void {
  const machine = new Machine({ cpus: 1 }, new TimedDirector());
  const process = machine.createProcess('main');
  const rcu = RcuDomain.create(machine, process);
  const table = RcuHashTable.create(process, rcu, { buckets: 2, maxBuckets: 16 });
  process.spawn(function* user(t) {
    const section = yield* rcu.readLock(t);
    yield* body(t, section, table, process);
    yield* rcu.readUnlock(t, section);
  });
  expect(machine.run().outcome).toBe('finished');
}

describe('a hash table', () => {
  it('finds what was added, duplicates included, until it is deleted', () => {
    inSection(function* (t, section, table, process) {
      const [one, again, other] = [nodeOf(process, 1), nodeOf(process, 1), nodeOf(process, 5)];
      for (const node of [one, again]) yield* table.add(t, section, hashOf(1), node);
      yield* table.add(t, section, hashOf(5), other);
      const first = yield* table.lookup(t, section, hashOf(1), withKey(1));
      expect(first?.node).toBe(one);
      const second = yield* table.nextDuplicate(t, section, first!, withKey(1));
      expect(second?.node).toBe(again);
      expect(yield* table.nextDuplicate(t, section, second!, withKey(1))).toBeUndefined();
      expect(yield* table.countEntries(t, section)).toBe(3);
      expect(yield* table.del(t, section, one)).toBe(true);
      expect(yield* table.del(t, section, one)).toBe(false);
      expect((yield* table.lookup(t, section, hashOf(1), withKey(1)))?.node).toBe(again);
      expect(yield* table.lookup(t, section, hashOf(9), withKey(9))).toBeUndefined();
      expect(yield* table.countEntries(t, section)).toBe(2);
    });
  });

  it('keeps keys unique where it is asked to, and replaces', () => {
    inSection(function* (t, section, table, process) {
      const [old, fresh] = [nodeOf(process, 1), nodeOf(process, 1)];
      expect(yield* table.addUnique(t, section, hashOf(1), old, withKey(1))).toBeUndefined();
      expect((yield* table.addUnique(t, section, hashOf(1), fresh, withKey(1)))?.node).toBe(old);
      expect(yield* table.addReplace(t, section, hashOf(1), fresh, withKey(1))).toBe(old);
      expect((yield* table.lookup(t, section, hashOf(1), withKey(1)))?.node).toBe(fresh);
      expect(yield* table.del(t, section, old)).toBe(false);
      expect(yield* table.countEntries(t, section)).toBe(1);
      expect(yield* table.addReplace(t, section, hashOf(2), nodeOf(process, 2), withKey(2))).toBe(
        0,
      );
    });
  });

  it('agrees with a map over random operations and sizes', () => {
    const step = fc.oneof(
      fc.record({ name: fc.constantFrom('addUnique', 'replace', 'del'), key: fc.nat(9) }),
      fc.record({ name: fc.constant('resize'), key: fc.nat(4) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const machine = new Machine({ cpus: 1 }, new TimedDirector());
        const process = machine.createProcess('main');
        const rcu = RcuDomain.create(machine, process);
        const table = RcuHashTable.create(process, rcu, { maxBuckets: 16 });
        const model = new Map<number, number>();
        process.spawn(function* user(t) {
          for (const { name, key } of steps) {
            if (name === 'resize') {
              yield* table.resize(t, 1 << key);
              continue;
            }
            const section = yield* rcu.readLock(t);
            const node = nodeOf(process, key);
            if (name === 'addUnique') {
              const found = yield* table.addUnique(t, section, hashOf(key), node, withKey(key));
              expect(found?.node).toBe(model.get(key));
              if (found === undefined) model.set(key, node);
            } else if (name === 'replace') {
              const old = yield* table.addReplace(t, section, hashOf(key), node, withKey(key));
              expect(old).toBe(model.get(key) ?? 0);
              model.set(key, node);
            } else {
              const found = yield* table.lookup(t, section, hashOf(key), withKey(key));
              expect(found?.node).toBe(model.get(key));
              if (found !== undefined) expect(yield* table.del(t, section, found.node)).toBe(true);
              model.delete(key);
            }
            expect(yield* table.countEntries(t, section)).toBe(model.size);
            yield* rcu.readUnlock(t, section);
          }
        });
        expect(machine.run().outcome).toBe('finished');
      }),
      { numRuns: 40 },
    );
  });

  it.each([1, 2, 3, 4])('is used while it is resized, seed %i', (seed) => {
    const machine = new Machine({ cpus: 3, kernel: [rseq()] }, new RandomDirector({ seed }));
    const process = machine.createProcess('main');
    const rcu = RcuDomain.create(machine, process);
    const table = RcuHashTable.create(process, rcu, { maxBuckets: 8 });
    const keys = [10, 11, 12, 13];
    const missing: number[] = [];
    for (const key of keys)
      process.spawn(function* user(t) {
        for (let n = 0; n < 5; n++) {
          const node = nodeOf(process, key);
          const section = yield* rcu.readLock(t);
          yield* table.add(t, section, hashOf(key), node);
          const found = yield* table.lookup(t, section, hashOf(key), withKey(key));
          if (found?.node !== node || !(yield* table.del(t, section, node))) missing.push(key);
          yield* rcu.readUnlock(t, section);
        }
      });
    process.spawn(function* resizer(t) {
      for (const buckets of [2, 8, 1, 4, 1]) yield* table.resize(t, buckets);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(missing).toEqual([]);
  });

  it('refuses numbers of buckets that are no powers of two, or too large', () => {
    const machine = new Machine({ cpus: 1 }, new TimedDirector());
    const process = machine.createProcess('main');
    const rcu = RcuDomain.create(machine, process);
    for (const options of [{ buckets: 3 }, { maxBuckets: 0 }, { buckets: 8, maxBuckets: 4 }])
      expect(() => RcuHashTable.create(process, rcu, options)).toThrow(
        expect.objectContaining({ code: 'ERR_BUCKETS' }),
      );
    const table = RcuHashTable.create(process, rcu, { maxBuckets: 4 });
    const codes: unknown[] = [];
    process.spawn(function* user(t) {
      try {
        yield* table.resize(t, 8);
      } catch (error) {
        codes.push((error as { code?: unknown }).code);
      }
    });
    machine.run();
    expect(codes).toEqual(['ERR_BUCKETS']);
  });
});
