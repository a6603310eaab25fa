import { Errno } from '@rseqlab/sim-machine';
import type { Operation } from '@rseqlab/sim-machine';
import type { PoolFinding } from './pool-finding.js';
import type { PoolGeometry } from './pool-geometry.js';
import type { Difference, ItemImage, PoolItems } from './pool-items.js';
import type { PoolMemory } from './pool-memory.js';
import type { PoolRange, PoolRanges } from './pool-ranges.js';

/** In the header of an item that is handed out, in a robust pool. */
const USED = -1;

/** Where an allocator notes what it found. */
export type FindingSink = (finding: Omit<PoolFinding, 'pool'>) => void;

/** Hands out items and takes them back, and in a robust pool looks at what became of them. */
export class PoolAllocator {
  readonly #geometry: PoolGeometry;
  readonly #ranges: PoolRanges;
  readonly #items: PoolItems;
  readonly #report: FindingSink;

  constructor(geometry: PoolGeometry, ranges: PoolRanges, items: PoolItems, report: FindingSink) {
    this.#geometry = geometry;
    this.#ranges = ranges;
    this.#items = items;
    this.#report = report;
  }

  /**
   * An item on every CPU.
   *
   * @param value what a word of it shall hold; undefined leaves what is there
   * @returns its address on CPU 0; -ENOMEM, or another negative errno; -EINVAL once destroyed
   */
  *allocate(memory: PoolMemory, value: ItemImage | undefined): Operation<number> {
    yield* memory.lock();
    const item = yield* this.#take(memory);
    if (item > 0 && value !== undefined)
      yield* this.#items.write(memory, item, (offset) =>
        this.#geometry.imageAt(offset, value(offset)),
      );
    if (item > 0) this.#watch(memory, item);
    yield* memory.unlock();
    return item;
  }

  /** Takes an item back: 0; -EINVAL where no item starts, or, in a robust pool, none in use. */
  *free(memory: PoolMemory, item: number): Operation<number> {
    yield* memory.lock();
    const range = yield* this.#ranges.rangeOf(memory, item);
    const isFreed = range !== undefined && (yield* this.#takeBack(memory, range, item));
    if (range === undefined && this.#geometry.robust)
      this.#report({ finding: 'invalid-free', item });
    if (!isFreed) memory.shadow?.free(item);
    yield* memory.unlock();
    return isFreed ? 0 : -Errno.EINVAL;
  }

  /** Looks for leaks and uses after free in a robust pool, and unmaps everything. */
  *destroy(memory: PoolMemory): Operation<number> {
    yield* memory.lock();
    const count = yield* this.#ranges.count(memory);
    if (count >= 0) {
      for (let index = 0; index < count && this.#geometry.robust; index++)
        yield* this.#inspect(memory, yield* this.#ranges.at(memory, index));
      yield* this.#ranges.destroy(memory);
    }
    yield* memory.unlock();
    return count < 0 ? -Errno.EINVAL : 0;
  }

  *#take(memory: PoolMemory): Operation<number> {
    const ranges = this.#ranges;
    const { robust } = this.#geometry;
    if ((yield* ranges.count(memory)) < 0) return -Errno.EINVAL;
    const first = yield* memory.load(ranges.freeList);
    const item = first === 0 ? yield* ranges.takeUnused(memory, -Errno.ENOMEM) : first;
    if (item < 0) return item;
    this.#look(memory, item, this.#geometry.slotBytes);
    const header = ranges.headerOf((yield* ranges.rangeOf(memory, item))!, item);
    if (first !== 0) {
      yield* memory.store(ranges.freeList, yield* memory.load(header));
      if (robust) yield* this.#checkPoison(memory, item);
    }
    if (robust) {
      // A new item gets its red zone here, and one that was used after free its poison again.
      yield* this.#items.write(memory, item, (offset) => this.#geometry.poisonAt(offset));
      yield* memory.store(header, USED);
    }
    return item;
  }

  *#takeBack(memory: PoolMemory, range: PoolRange, item: number): Operation<boolean> {
    const ranges = this.#ranges;
    const { robust, itemBytes, slotBytes } = this.#geometry;
    const header = ranges.headerOf(range, item);
    if (robust && (yield* memory.load(header)) !== USED) {
      this.#report({ finding: 'double-free', item });
      return false;
    }
    if (robust) {
      this.#look(memory, item + itemBytes, slotBytes - itemBytes);
      yield* this.#checkRedZone(memory, item);
      yield* this.#items.write(memory, item, (offset) => this.#geometry.poisonAt(offset));
    }
    const { shadow } = memory;
    for (let cpu = 0; shadow !== undefined && cpu < this.#geometry.cpus; cpu++) {
      const start = this.#items.addressOn(item, cpu);
      shadow.free(start);
      if (slotBytes > itemBytes) shadow.forbid(start + itemBytes, slotBytes - itemBytes);
    }
    yield* memory.store(header, yield* memory.load(ranges.freeList));
    yield* memory.store(ranges.freeList, item);
    return true;
  }

  *#inspect(memory: PoolMemory, range: PoolRange): Operation<void> {
    const { slotBytes } = this.#geometry;
    for (let index = 0; index < range.used; index++) {
      const item = range.base + index * slotBytes;
      this.#look(memory, item, slotBytes);
      if ((yield* memory.load(this.#ranges.headerOf(range, item))) === USED) {
        this.#report({ finding: 'leak', item });
        yield* this.#checkRedZone(memory, item);
      } else yield* this.#checkPoison(memory, item);
    }
  }

  *#checkPoison(memory: PoolMemory, item: number): Operation<void> {
    const image: ItemImage = (offset) => this.#geometry.poisonAt(offset);
    const found = yield* this.#items.differences(memory, item, image, () => -1);
    this.#reportDifferences('use-after-free', item, found);
  }

  *#checkRedZone(memory: PoolMemory, item: number): Operation<void> {
    const image: ItemImage = (offset) => this.#geometry.poisonAt(offset);
    const mask: ItemImage = (offset) => this.#geometry.redZoneMask(offset);
    const found = yield* this.#items.differences(memory, item, image, mask);
    this.#reportDifferences('overrun', item, found);
  }

  #reportDifferences(
    finding: 'use-after-free' | 'overrun',
    item: number,
    found: readonly Difference[],
  ): void {
    for (const { cpu, address } of found)
      this.#report({ finding, item, address, ...(cpu === undefined ? {} : { cpu }) });
  }

  /** The pool looks at bytes that programs may not access. */
  #look(memory: PoolMemory, start: number, bytes: number): void {
    for (let cpu = 0; memory.shadow !== undefined && cpu < this.#geometry.cpus; cpu++)
      memory.shadow.forget(this.#items.addressOn(start, cpu), bytes);
  }

  /** From now on a program may access the item, and not what is behind it. */
  #watch(memory: PoolMemory, item: number): void {
    const { itemBytes, slotBytes, cpus } = this.#geometry;
    for (let cpu = 0; memory.shadow !== undefined && cpu < cpus; cpu++) {
      const start = this.#items.addressOn(item, cpu);
      memory.shadow.allocate(start, itemBytes);
      if (slotBytes > itemBytes) memory.shadow.forbid(start + itemBytes, slotBytes - itemBytes);
    }
  }
}
