import { describe, expect, it } from 'vitest';
import { Errno } from '@rseqlab/sim-machine';
import { MemoryPool } from '../../../src/user/memory-pool/memory-pool.js';
import { MemoryPoolSet } from '../../../src/user/memory-pool/memory-pool-set.js';
import { PAGE, PoolLab } from './pool-fixture.js';

describe('a set of pools', () => {
  function set(): { lab: PoolLab; set: MemoryPoolSet; large: MemoryPool } {
    const lab = new PoolLab({ itemBytes: 2048, strideBytes: PAGE, maxRanges: 1 });
    const pools = new MemoryPoolSet();
    const large = MemoryPool.create(lab.machine, lab.process, 'large', { itemBytes: 4096 });
    expect([pools.add(large), pools.add(lab.pool)]).toEqual([0, 0]);
    return { lab, set: pools, large };
  }

  it('takes the smallest items that fit, and larger ones when they are used up', () => {
    const { lab, set: pools, large } = set();
    const owners = lab.run(function* (t) {
      const made: unknown[] = [];
      for (const bytes of [100, 2048, 1, 2049, 4096]) {
        const pool = yield* pools.poolOf(t, yield* pools.zmalloc(t, bytes));
        made.push(pool?.name);
      }
      return made;
    });
    expect(owners).toEqual(['pool', 'pool', 'large', 'large', 'large']);
    expect(large.geometry.slotBytes).toBe(4096);
  });

  it('has -ENOMEM for what fits nowhere, -EBUSY for a size twice, -EINVAL for a foreign item', () => {
    const { lab, set: pools } = set();
    expect(pools.add(lab.pool)).toBe(-Errno.EBUSY);
    const results = lab.run(function* (t) {
      const item = yield* pools.malloc(t, 8);
      return [
        yield* pools.malloc(t, 4097),
        yield* pools.free(t, 0x1000),
        yield* pools.free(t, item),
        yield* pools.destroy(t),
        yield* pools.destroy(t),
        yield* pools.malloc(t, 8),
      ];
    });
    const { ENOMEM, EINVAL } = Errno;
    expect(results).toEqual([-ENOMEM, -EINVAL, 0, 0, -EINVAL, -EINVAL]);
  });
});
