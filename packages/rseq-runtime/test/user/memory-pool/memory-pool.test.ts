import { describe, expect, it } from 'vitest';
import { Errno, getcpu } from '@rseqlab/sim-machine';
import type { Operation } from '@rseqlab/sim-machine';
import { PAGE, PoolLab } from './pool-fixture.js';

const { ENOMEM, EINVAL } = Errno;

describe.each(['init', 'zero'] as const)('a pool whose pages appear with %s', (populate) => {
  it('has the item of CPU n at n strides from that of CPU 0', () => {
    const lab = new PoolLab({ itemBytes: 8, strideBytes: 2 * PAGE, populate });
    const item = lab.run(function* (t) {
      const made = yield* lab.pool.zmalloc(t);
      for (let cpu = 0; cpu < 3; cpu++) yield* t.store(made + cpu * 2 * PAGE, 10 + cpu);
      return made;
    });
    expect(lab.words(item)).toEqual([10, 11, 12]);
    expect(lab.pool.addressOn(item, 2) - lab.pool.addressOn(item, 0)).toBe(4 * PAGE);
  });

  it('maps nothing before the first item, and no page of a CPU that never writes', () => {
    const lab = new PoolLab({ itemBytes: 64, populate });
    const item = lab.run(function* (t) {
      const made = yield* lab.pool.zmalloc(t);
      yield* t.load(lab.pool.addressOn(made, 0));
      yield* t.store(lab.pool.addressOn(made, 1), 5);
      return made;
    });
    expect(lab.ownPages(item)).toEqual([false, true, false]);
    expect(lab.words(item)).toEqual([0, 5, 0]);
  });

  it('zeroes an item that was in use, on every CPU', () => {
    const lab = new PoolLab({ itemBytes: 8, populate });
    const [first, second, seen] = lab.run(function* (t) {
      const a = yield* lab.pool.zmalloc(t);
      for (let cpu = 0; cpu < 3; cpu++) yield* t.store(lab.pool.addressOn(a, cpu) + 4, 9);
      expect(yield* lab.pool.free(t, a)).toBe(0);
      const b = yield* lab.pool.malloc(t);
      const left = yield* t.load(lab.pool.addressOn(b, 2) + 4);
      expect(yield* lab.pool.free(t, b)).toBe(0);
      return [b, yield* lab.pool.zmalloc(t), left];
    });
    expect(second).toBe(first);
    expect(seen).toBe(9);
    expect(lab.words(second, 4)).toEqual([0, 0, 0]);
  });

  it('gives every CPU the words that an item shall begin with', () => {
    const lab = new PoolLab({ itemBytes: 12, populate });
    const items = lab.run(function* (t) {
      const first = yield* lab.pool.mallocInit(t, [7, 8]);
      yield* t.store(lab.pool.addressOn(first, 0), 1);
      // The page of CPU 0 is its own by now and no longer shows initial values.
      return [first, yield* lab.pool.mallocInit(t, [5, 6])];
    });
    expect(lab.words(items[0]!)).toEqual([1, 7, 7]);
    expect(lab.words(items[1]!)).toEqual([5, 5, 5]);
    expect(lab.words(items[1]!, 4)).toEqual([6, 6, 6]);
    expect(lab.words(items[1]!, 8)).toEqual([0, 0, 0]);
    const isZero = populate === 'zero';
    expect(lab.ownPages(items[0]!)).toEqual([true, isZero, isZero]);
  });

  it('takes another range when one is full, and is out of memory when it has no more', () => {
    const lab = new PoolLab({ itemBytes: 1000, strideBytes: PAGE, maxRanges: 2, populate });
    const items = lab.run(function* (t) {
      const made: number[] = [];
      for (let i = 0; i < 9; i++) made.push(yield* lab.pool.zmalloc(t));
      expect(yield* lab.pool.free(t, made[1]!)).toBe(0);
      expect(yield* lab.pool.free(t, made[6]!)).toBe(0);
      made.push(yield* lab.pool.malloc(t), yield* lab.pool.malloc(t), yield* lab.pool.malloc(t));
      return made;
    });
    expect(items.map((item) => item < 0)).toEqual([
      ...new Array<boolean>(8).fill(false),
      true,
      false,
      false,
      true,
    ]);
    expect(items[8]).toBe(-ENOMEM);
    expect(new Set(items.slice(0, 8)).size).toBe(8);
    expect(items.slice(9, 11)).toEqual([items[6], items[1]]);
    expect(items[4]! - items[0]!).not.toBe(4 * 1024);
  });

  it('is used from outside as from a thread', () => {
    const lab = new PoolLab({ itemBytes: 4, populate });
    const first = lab.pool.hostAllocate([3]);
    const second = lab.pool.hostAllocate();
    expect(lab.words(first)).toEqual([3, 3, 3]);
    expect(lab.pool.hostFree(second)).toBe(0);
    const seen = lab.run(function* (t) {
      const third = yield* lab.pool.zmalloc(t);
      const word = yield* t.load(lab.pool.addressOn(first, 1));
      expect(yield* lab.pool.free(t, first)).toBe(0);
      return [third, word];
    });
    expect(seen).toEqual([second, 3]);
    expect(lab.pool.hostDestroy()).toBe(0);
    expect(lab.pool.hostDestroy()).toBe(-EINVAL);
    expect(lab.pool.hostAllocate()).toBe(-EINVAL);
    expect(() => lab.process.read32(first)).toThrow('expected an address that is mapped');
  });
});

describe('a pool', () => {
  it('refuses to free where no item starts', () => {
    const lab = new PoolLab({ itemBytes: 16 });
    const results = lab.run(function* (t) {
      const item = yield* lab.pool.malloc(t);
      return [
        yield* lab.pool.free(t, item + 4),
        yield* lab.pool.free(t, item + 16),
        yield* lab.pool.free(t, item - 16),
        yield* lab.pool.free(t, lab.pool.addressOn(item, 1)),
        yield* lab.pool.free(t, 0),
        yield* lab.pool.free(t, item),
      ];
    });
    expect(results).toEqual([-EINVAL, -EINVAL, -EINVAL, -EINVAL, -EINVAL, 0]);
  });

  it('lets a caller prepare the area of each CPU, and fails as the caller does', () => {
    const calls: number[][] = [];
    const lab = new PoolLab({
      itemBytes: 8,
      strideBytes: PAGE,
      *initialize(memory, address, bytes, cpu): Operation<number> {
        calls.push([bytes, cpu]);
        yield* memory.store(address, 100 + cpu);
        return calls.length > 3 ? -ENOMEM : 0;
      },
    });
    const item = lab.run(function* (t) {
      const first = yield* lab.pool.malloc(t);
      for (let i = 1; i < PAGE / 8; i++) yield* lab.pool.malloc(t);
      expect(yield* lab.pool.malloc(t)).toBe(-ENOMEM);
      return first;
    });
    expect(calls.slice(0, 3)).toEqual([
      [PAGE, 0],
      [PAGE, 1],
      [PAGE, 2],
    ]);
    expect(lab.words(item)).toEqual([100, 101, 102]);
  });

  it('hands no item to two of the threads that ask at the same time', () => {
    const lab = new PoolLab({ itemBytes: 4, strideBytes: PAGE });
    const held = lab.process.allocate(4 * 4);
    for (let i = 0; i < 4; i++)
      lab.process.spawn(function* user(t) {
        for (let round = 0; round < 20; round++) {
          const item = yield* lab.pool.malloc(t);
          const { cpu } = yield* getcpu(t);
          yield* t.store(lab.pool.addressOn(item, cpu), i + 1);
          if ((yield* t.load(lab.pool.addressOn(item, cpu))) !== i + 1) yield* t.store(held, -1);
          if ((yield* lab.pool.free(t, item)) === 0) yield* t.fetchAdd(held + 4, 1);
        }
      });
    expect(lab.machine.run().outcome).toBe('finished');
    expect(lab.process.read32(held)).toBe(0);
    expect(lab.process.read32(held + 4)).toBe(80);
  });

  it.each([
    [{ itemBytes: 0 }, 'an item'],
    [{ itemBytes: 65537 }, 'an item'],
    [{ itemBytes: 65536, robust: true }, 'an item'],
    [{ itemBytes: Number.NaN }, 'an item'],
    [{ itemBytes: 8, strideBytes: 2048 }, 'a stride'],
    [{ itemBytes: 8, strideBytes: 12288 }, 'a stride'],
    [{ itemBytes: 8, maxRanges: 0 }, 'ranges'],
    [{ itemBytes: 8, maxRanges: 1.5 }, 'ranges'],
  ])('of %o is refused', (options, what) => {
    expect(() => new PoolLab(options)).toThrow(
      expect.objectContaining({
        code: 'ERR_POOL',
        message: expect.stringContaining(what) as string,
      }) as Error,
    );
  });
});
