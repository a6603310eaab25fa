import { describe, expect, it } from 'vitest';
import { Errno } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { MemoryPool } from '../../../src/user/memory-pool/memory-pool.js';
import { describePoolFinding } from '../../../src/user/memory-pool/pool-finding.js';
import { PoolLab } from './pool-fixture.js';

type Broken = (t: Thread, pool: MemoryPool) => Operation<unknown>;

/** Each allocates one item first; the finding is what is expected about it. */
const BROKEN: Readonly<Record<string, readonly [program: Broken, finding: object]>> = {
  'double free': [
    function* (t, pool) {
      const item = yield* pool.zmalloc(t);
      yield* pool.free(t, item);
      expect(yield* pool.free(t, item)).toBe(-Errno.EINVAL);
      return item;
    },
    { finding: 'double-free' },
  ],
  'free inside an item': [
    function* (t, pool) {
      const item = yield* pool.zmalloc(t);
      expect(yield* pool.free(t, item + 4)).toBe(-Errno.EINVAL);
      yield* pool.free(t, item);
      return item + 4;
    },
    { finding: 'invalid-free' },
  ],
  leak: [(t, pool) => pool.zmalloc(t), { finding: 'leak' }],
  'overrun of one byte': [
    function* (t, pool) {
      const item = yield* pool.zmalloc(t);
      yield* t.store8(pool.addressOn(item, 2) + 10, 0);
      yield* pool.free(t, item);
      return item;
    },
    { finding: 'overrun', cpu: 2 },
  ],
  'write after free': [
    function* (t, pool) {
      const item = yield* pool.zmalloc(t);
      yield* pool.free(t, item);
      yield* t.store(pool.addressOn(item, 1) + 4, 0);
      return item;
    },
    { finding: 'use-after-free', cpu: 1 },
  ],
  'write after free that the next owner would meet': [
    function* (t, pool) {
      const item = yield* pool.malloc(t);
      yield* pool.free(t, item);
      yield* t.store(pool.addressOn(item, 0), 0);
      yield* pool.free(t, yield* pool.zmalloc(t));
      return item;
    },
    { finding: 'use-after-free', cpu: 0 },
  ],
};

describe('a robust pool', () => {
  it.each(Object.entries(BROKEN))('finds a %s', (_what, [program, finding]) => {
    const lab = new PoolLab({ itemBytes: 10, robust: true });
    const item = lab.run((t) => program(t, lab.pool));
    lab.pool.hostDestroy();
    expect(lab.pool.findings).toEqual([
      expect.objectContaining({ ...finding, item, pool: 'pool' }),
    ]);
  });

  it.each(Object.entries(BROKEN))(
    'finds with the shadow state of the machine a %s',
    (what, [program, { finding }]: readonly [Broken, { finding?: string }]) => {
      const lab = new PoolLab({ itemBytes: 10, robust: true }, { shadow: true });
      lab.run((t) => program(t, lab.pool));
      const { findings } = lab.machine.shadow!.allocations!;
      const wanted = finding === 'overrun' ? 'out-of-bounds' : finding;
      expect(findings.map((found) => found.finding)).toEqual(what === 'leak' ? [] : [wanted]);
    },
  );

  it.each([false, true])('finds nothing in a program that is right, shadow %s', (shadow) => {
    const lab = new PoolLab({ itemBytes: 10, robust: true }, { shadow });
    lab.run(function* (t) {
      for (let round = 0; round < 3; round++) {
        const items = [yield* lab.pool.zmalloc(t), yield* lab.pool.malloc(t)];
        items.push(yield* lab.pool.mallocInit(t, [1, 2, 3]));
        for (const item of items)
          for (let cpu = 0; cpu < 3; cpu++)
            for (let byte = 0; byte < 10; byte++)
              yield* t.store8(lab.pool.addressOn(item, cpu) + byte, 255);
        for (const item of items) expect(yield* lab.pool.free(t, item)).toBe(0);
      }
      expect(yield* lab.pool.destroy(t)).toBe(0);
    });
    expect(lab.pool.findings).toEqual([]);
    expect(lab.machine.shadow?.allocations?.findings ?? []).toEqual([]);
  });

  it('finds with shadow state a read of an item that is free, which leaves no trace', () => {
    const lab = new PoolLab({ itemBytes: 8 }, { shadow: true });
    lab.run(function* (t) {
      const item = yield* lab.pool.zmalloc(t);
      yield* lab.pool.free(t, item);
      yield* t.load(lab.pool.addressOn(item, 1));
    });
    expect(lab.machine.shadow!.allocations!.findings.map(({ finding }) => finding)).toEqual([
      'use-after-free',
    ]);
  });

  it('fills what is not zeroed with poison, behind a red zone of its opposite', () => {
    const lab = new PoolLab({ itemBytes: 4, robust: true, poison: 0x1234 });
    const item = lab.run((t) => lab.pool.malloc(t));
    expect(lab.words(item)).toEqual([0x1234, 0x1234, 0x1234]);
    expect(lab.words(item, 4)).toEqual([~0x1234, ~0x1234, ~0x1234]);
    expect(lab.ownPages(item)).toEqual([false, false, false]);
  });

  it('whose pages appear with zeros has zeros for poison, and populates none for it', () => {
    const lab = new PoolLab({ itemBytes: 4, robust: true, populate: 'zero' });
    const item = lab.run(function* (t) {
      const made = yield* lab.pool.malloc(t);
      yield* lab.pool.free(t, made);
      yield* t.store(made, 1);
      return made;
    });
    expect(lab.ownPages(item)).toEqual([true, false, false]);
    lab.pool.hostDestroy();
    expect(lab.pool.findings).toMatchObject([{ finding: 'use-after-free', cpu: 0 }]);
  });

  it('is what it takes: without, a double free hands one item to two owners', () => {
    const lab = new PoolLab({ itemBytes: 8 });
    const [first, second] = lab.run(function* (t) {
      const item = yield* lab.pool.zmalloc(t);
      yield* lab.pool.free(t, item);
      expect(yield* lab.pool.free(t, item)).toBe(0);
      return [yield* lab.pool.zmalloc(t), yield* lab.pool.zmalloc(t)];
    });
    expect(first).toBe(second);
    expect(lab.pool.findings).toEqual([]);
  });

  it('says in a line what it found', () => {
    const found = { finding: 'overrun', pool: 'p', item: 0x1000, address: 0x2004, cpu: 1 } as const;
    expect(describePoolFinding(found)).toBe('overrun in pool "p": item 0x1000 at 0x2004 of CPU 1');
    expect(describePoolFinding({ finding: 'leak', pool: 'p', item: 0x1000 })).toBe(
      'leak in pool "p": item 0x1000',
    );
  });
});
