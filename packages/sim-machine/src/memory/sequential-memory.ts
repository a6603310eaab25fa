import type { MemoryModel, StoreObserver } from './memory-model.js';
import type { FenceKind, MemoryOrder } from './memory-port.js';
import type { PhysicalMemory } from './physical-memory.js';

/**
 * Sequential consistency: every access happens at once, for all CPUs; fences have nothing to do.
 *
 * @source Lamport, "How to Make a Multiprocessor Computer That Correctly Executes Multiprocess
 *   Programs", 1979
 */
export class SequentialMemory implements MemoryModel {
  readonly direct: boolean;
  readonly buffersStores = false;
  readonly views = undefined;
  readonly missedWrites = 0;
  high = 0;
  storeObserver: StoreObserver | undefined;
  readonly #memory: PhysicalMemory;

  constructor(memory: PhysicalMemory) {
    this.#memory = memory;
    this.direct = memory.fingerprint === undefined;
  }

  load(_cpu: number, physical: number, size: number, _order: MemoryOrder): number {
    const value = this.#memory.read(physical, size);
    if (size === 8) this.high = this.#memory.high;
    return value;
  }

  peek(_cpu: number, physical: number): number {
    return this.#memory.read(physical, 4);
  }

  differs(_cpu: number, physical: number, value: number): boolean {
    return this.#memory.read(physical, 4) !== value;
  }

  store(
    _cpu: number,
    _thread: number,
    physical: number,
    size: number,
    low: number,
    high: number,
    _order: MemoryOrder,
  ): void {
    this.#memory.write(physical, size, low, high);
  }

  beginAtomic(_cpu: number): void {
    // Every access already is by itself.
  }

  writeAtomic(_cpu: number, physical: number, size: number, value: number): void {
    this.#memory.write(physical, size, value, 0);
  }

  fence(_cpu: number, _kind: FenceKind): void {
    // Every access already is in order.
  }

  drainAll(_cpu: number): void {
    // Nothing is ever pending.
  }

  catchUp(): void {
    // No load looks back.
  }

  mayDrain(): boolean {
    return false;
  }

  drainOne(): boolean {
    return false;
  }

  pendingStores(_cpu: number): number {
    return 0;
  }

  drainFrame(_frame: number): void {
    // Nothing is ever pending.
  }

  addState(): void {
    // Memory is all there is.
  }

  rankOf(): number {
    return 0;
  }
}
