import { MapFlag } from '@rseqlab/sim-machine';
import type { Operation } from '@rseqlab/sim-machine';
import type { PoolGeometry, MemoryPoolOptions } from './pool-geometry.js';
import type { PoolMemory } from './pool-memory.js';

const WORD_BYTES = 4;

/** Where a range lies, and how far it has been used. */
export interface PoolRange {
  /** Address of CPU 0's first item. */
  readonly base: number;
  /** Items that were handed out at least once; the first ones. */
  readonly used: number;
}

/**
 * The ranges that a pool has mapped, in words of simulated memory under the pool's lock.
 *
 * | bytes of the state | holds                                              |
 * |--------------------|----------------------------------------------------|
 * | 0 to 3             | the lock, see `Mutex`                              |
 * | 4 to 7             | the first free item, or 0                          |
 * | 8 to 11            | ranges mapped; -1 once the pool is destroyed       |
 * | 12 to 15           | unused                                             |
 * | 16 + 8 n           | range n: address of CPU 0's first item             |
 * | 20 + 8 n           | range n: items that were handed out at least once  |
 */
export class PoolRanges {
  readonly #geometry: PoolGeometry;
  readonly #state: number;
  readonly #initialize: MemoryPoolOptions['initialize'];

  constructor(geometry: PoolGeometry, state: number, initialize: MemoryPoolOptions['initialize']) {
    this.#geometry = geometry;
    this.#state = state;
    this.#initialize = initialize;
  }

  /** Bytes of the state. */
  static stateBytes(maxRanges: number): number {
    return 16 + 8 * maxRanges;
  }

  /** Address of the word with the first free item. */
  get freeList(): number {
    return this.#state + 4;
  }

  /** Ranges mapped; -1 once the pool is destroyed. */
  count(memory: PoolMemory): Operation<number> {
    return memory.load(this.#state + 8);
  }

  /** A range by its number. */
  *at(memory: PoolMemory, index: number): Operation<PoolRange> {
    const entry = this.#entry(index);
    return { base: yield* memory.load(entry), used: yield* memory.load(entry + WORD_BYTES) };
  }

  /** Address of an item's word in the header of its range. */
  headerOf(range: PoolRange, item: number): number {
    const { hasInit, strideBytes, headerBytes, slotBytes } = this.#geometry;
    const header = range.base - (hasInit ? strideBytes : 0) - headerBytes;
    return header + ((item - range.base) / slotBytes) * WORD_BYTES;
  }

  /** The range in which an item that was handed out starts, or undefined. */
  *rangeOf(memory: PoolMemory, item: number): Operation<PoolRange | undefined> {
    const { slotBytes } = this.#geometry;
    const count = yield* this.count(memory);
    for (let index = 0; index < count; index++) {
      const range = yield* this.at(memory, index);
      const offset = item - range.base;
      if (offset >= 0 && offset < range.used * slotBytes)
        return offset % slotBytes === 0 ? range : undefined;
    }
    return undefined;
  }

  /** An item that was never handed out, from a new range if need be; or a negative errno. */
  *takeUnused(memory: PoolMemory, outOfMemory: number): Operation<number> {
    const { slotBytes, itemsPerRange, maxRanges } = this.#geometry;
    let count = yield* this.count(memory);
    let range = count === 0 ? undefined : yield* this.at(memory, count - 1);
    if (range === undefined || range.used === itemsPerRange) {
      if (count === maxRanges) return outOfMemory;
      const base = yield* this.#add(memory, count);
      if (base < 0) return base;
      range = { base, used: 0 };
      count += 1;
    }
    yield* memory.store(this.#entry(count - 1) + WORD_BYTES, range.used + 1);
    return range.base + range.used * slotBytes;
  }

  /** Unmaps all ranges for good. */
  *destroy(memory: PoolMemory): Operation<void> {
    const { rangeBytes } = this.#geometry;
    const count = yield* this.count(memory);
    for (let index = 0; index < count; index++) {
      const range = yield* this.at(memory, index);
      const start = this.headerOf(range, range.base);
      memory.shadow?.forget(start, rangeBytes);
      yield* memory.unmap(start, rangeBytes);
    }
    yield* memory.store(this.#state + 8, -1);
  }

  /** Maps a range without touching it; address of CPU 0's first item, or a negative errno. */
  *#add(memory: PoolMemory, index: number): Operation<number> {
    const { headerBytes, rangeBytes, strideBytes, hasInit, cpus } = this.#geometry;
    const start = yield* memory.map({
      length: rangeBytes,
      flags: MapFlag.Private | MapFlag.Anonymous,
    });
    if (start < 0) return start;
    const base = start + headerBytes + (hasInit ? strideBytes : 0);
    const error = yield* this.#prepare(memory, base, index);
    if (error < 0) {
      yield* memory.unmap(start, rangeBytes);
      return error;
    }
    memory.shadow?.forbid(base, cpus * strideBytes);
    yield* memory.store(this.#entry(index), base);
    yield* memory.store(this.#entry(index) + WORD_BYTES, 0);
    yield* memory.store(this.#state + 8, index + 1);
    return base;
  }

  *#prepare(memory: PoolMemory, base: number, index: number): Operation<number> {
    const { strideBytes, hasInit, cpus } = this.#geometry;
    for (let cpu = hasInit ? -1 : 0; cpu < cpus; cpu++) {
      const address = base + cpu * strideBytes;
      if (hasInit) {
        // The initial values themselves are shared memory; a CPU's area is a private copy of them.
        const type = cpu < 0 ? MapFlag.Shared : MapFlag.Private;
        const error = yield* memory.map({
          length: strideBytes,
          flags: type | MapFlag.Fixed,
          address,
          initialValuesAt: index * strideBytes,
        });
        if (error < 0) return error;
      }
      if (cpu < 0 || this.#initialize === undefined) continue;
      const error = yield* this.#initialize(memory, address, strideBytes, cpu);
      if (error < 0) return error;
    }
    return 0;
  }

  #entry(index: number): number {
    return this.#state + 16 + 8 * index;
  }
}
