import { Errno } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { MemoryPool } from './memory-pool.js';

/**
 * Pools of several sizes behind one allocation by length.
 *
 * Pools are added while a run is set up.
 *
 * @source librseq, rseq/mempool.h (rseq_mempool_set_create)
 */
export class MemoryPoolSet {
  /** By ascending size of item. */
  readonly #pools: MemoryPool[] = [];

  /** Adds a pool: 0, or -EBUSY when the set has one of the same size. */
  add(pool: MemoryPool): number {
    const size = sizeOf(pool);
    if (this.#pools.some((other) => sizeOf(other) === size)) return -Errno.EBUSY;
    this.#pools.push(pool);
    this.#pools.sort((left, right) => sizeOf(left) - sizeOf(right));
    return 0;
  }

  /** An item of at least `bytes`, of the smallest pool that has one, or a negative errno. */
  malloc(t: Thread, bytes: number): Operation<number> {
    return this.#allocate(bytes, (pool) => pool.malloc(t));
  }

  /** As {@link malloc}, zeroed. */
  zmalloc(t: Thread, bytes: number): Operation<number> {
    return this.#allocate(bytes, (pool) => pool.zmalloc(t));
  }

  /** Gives an item back to the pool it is from: 0, or -EINVAL when it is from none. */
  *free(t: Thread, item: number): Operation<number> {
    const pool = yield* this.poolOf(t, item);
    return pool === undefined ? -Errno.EINVAL : yield* pool.free(t, item);
  }

  /** The pool that an item is from. */
  *poolOf(t: Thread, item: number): Operation<MemoryPool | undefined> {
    for (const pool of this.#pools) if (yield* pool.owns(t, item)) return pool;
    return undefined;
  }

  /** Destroys all pools: 0, or the error of the last that could not be. */
  *destroy(t: Thread): Operation<number> {
    let result = 0;
    for (const pool of this.#pools) {
      const error = yield* pool.destroy(t);
      if (error < 0) result = error;
    }
    return result;
  }

  *#allocate(bytes: number, take: (pool: MemoryPool) => Operation<number>): Operation<number> {
    let result = -Errno.ENOMEM;
    for (const pool of this.#pools) {
      if (pool.geometry.itemBytes < bytes) continue;
      result = yield* take(pool);
      if (result !== -Errno.ENOMEM) return result;
    }
    return result;
  }
}

function sizeOf(pool: MemoryPool): number {
  return pool.geometry.slotBytes;
}
