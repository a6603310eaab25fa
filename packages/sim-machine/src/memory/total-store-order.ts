import { MachineError } from '../base/machine-error.js';
import type { StateArena } from '../base/state-arena.js';
import type { MemoryModel, StoreObserver } from './memory-model.js';
import { FenceKind, type MemoryOrder } from './memory-port.js';
import { PAGE_SHIFT } from './page.js';
import type { PhysicalMemory } from './physical-memory.js';
import { DEFAULT_STORE_BUFFER_ENTRIES, StoreBuffers } from './store-buffers.js';
import { shiftedLow, truncated } from './word-pair.js';

/**
 * x86-TSO: a FIFO store buffer a CPU, whose own loads see it first.
 *
 * A load takes the youngest buffered store that covers it; one that a store covers only in part
 * waits until that store is visible. Full fences and atomics drain; read and write fences have
 * nothing to do, and neither have acquire and release. A store into a full buffer makes the oldest
 * one visible.
 *
 * @source Sewell et al., "x86-TSO: A Rigorous and Usable Programmer's Model for x86
 *   Multiprocessors", 2010; Intel 64 and IA-32 Architectures Software Developer's Manual, 8.2
 */
export class TotalStoreOrder implements MemoryModel {
  readonly direct = false;
  readonly buffersStores = true;
  readonly views = undefined;
  readonly missedWrites = 0;
  high = 0;
  storeObserver: StoreObserver | undefined;
  /** The buffers, oldest store first, for directors and reports. */
  readonly buffers: StoreBuffers;
  readonly #memory: PhysicalMemory;
  readonly #cpus: number;
  /** Per CPU: the thread that stored last; a switch of threads drains. */
  readonly #threads: Int32Array;

  /**
   * @param cpus one more than the highest CPU id
   * @param capacity stores that a CPU can buffer, 1 to 64
   * @throws MachineError ERR_CONFIG when the capacity is out of range
   */
  constructor(
    memory: PhysicalMemory,
    arena: StateArena,
    cpus: number,
    capacity: number = DEFAULT_STORE_BUFFER_ENTRIES,
  ) {
    if (!(Number.isInteger(capacity) && capacity >= 1 && capacity <= 64))
      throw new MachineError(
        'ERR_CONFIG',
        `expected a store buffer of 1 to 64 entries, got ${capacity}`,
      );
    this.#memory = memory;
    this.#cpus = cpus;
    this.buffers = new StoreBuffers(arena, cpus, capacity);
    this.#threads = arena.column('memory.storeBuffer.thread', cpus, 'accounting');
  }

  load(cpu: number, physical: number, size: number, _order: MemoryOrder): number {
    const buffers = this.buffers;
    if (buffers.count(cpu) > 0) {
      const index = buffers.youngestOverlap(cpu, physical, size);
      if (index >= 0) {
        const skipped = physical - buffers.physical(cpu, index);
        if (skipped >= 0 && skipped + size <= buffers.size(cpu, index)) {
          const high = buffers.high(cpu, index);
          this.high = high;
          return truncated(shiftedLow(buffers.low(cpu, index), high, skipped * 8), size);
        }
        this.#drain(cpu, index + 1);
      }
    }
    const value = this.#memory.read(physical, size);
    if (size === 8) this.high = this.#memory.high;
    return value;
  }

  peek(cpu: number, physical: number): number | undefined {
    const { buffers } = this;
    const index = buffers.count(cpu) === 0 ? -1 : buffers.youngestOverlap(cpu, physical, 4);
    if (index < 0) return this.#memory.read(physical, 4);
    const skipped = physical - buffers.physical(cpu, index);
    if (skipped < 0 || skipped + 4 > buffers.size(cpu, index)) return undefined;
    return shiftedLow(buffers.low(cpu, index), buffers.high(cpu, index), skipped * 8);
  }

  differs(cpu: number, physical: number, value: number): boolean {
    return this.peek(cpu, physical) !== value;
  }

  store(
    cpu: number,
    thread: number,
    physical: number,
    size: number,
    low: number,
    high: number,
    _order: MemoryOrder,
  ): void {
    if (this.buffers.count(cpu) === this.buffers.capacity) this.#drain(cpu, 1);
    this.#threads[cpu] = thread;
    this.buffers.push(cpu, physical, size, low, high);
  }

  beginAtomic(cpu: number): void {
    this.drainAll(cpu);
  }

  writeAtomic(_cpu: number, physical: number, size: number, value: number): void {
    this.#memory.write(physical, size, value, 0);
  }

  fence(cpu: number, kind: FenceKind): void {
    if (kind === FenceKind.Full) this.drainAll(cpu);
  }

  drainAll(cpu: number): void {
    const count = this.buffers.count(cpu);
    if (count > 0) this.#drain(cpu, count);
  }

  catchUp(): void {
    // No load looks back.
  }

  mayDrain(cpu: number, index: number): boolean {
    return index === 0 && this.buffers.count(cpu) > 0;
  }

  drainOne(cpu: number, index: number): boolean {
    if (!this.mayDrain(cpu, index)) return false;
    this.#drain(cpu, 1);
    return true;
  }

  pendingStores(cpu: number): number {
    return this.buffers.count(cpu);
  }

  drainFrame(frame: number): void {
    if (this.buffers.total === 0) return;
    for (let cpu = 0; cpu < this.#cpus; cpu++)
      for (let index = this.buffers.count(cpu) - 1; index >= 0; index--)
        if (this.buffers.physical(cpu, index) >>> PAGE_SHIFT === frame) {
          this.drainAll(cpu);
          break;
        }
  }

  addState(): void {
    // The buffers are semantic columns.
  }

  rankOf(): number {
    return 0;
  }

  /** Makes the `count` oldest stores of a CPU visible. */
  #drain(cpu: number, count: number): void {
    const buffers = this.buffers;
    const observer = this.storeObserver;
    for (let index = 0; index < count; index++) {
      const physical = buffers.physical(cpu, index);
      const size = buffers.size(cpu, index);
      const low = buffers.low(cpu, index);
      this.#memory.write(physical, size, low, buffers.high(cpu, index));
      observer?.storeVisible(physical, size, low, cpu, this.#threads[cpu]!);
    }
    buffers.shift(cpu, count);
  }
}
