import { invariant } from '../base/invariant.js';
import type { StateArena } from '../base/state-arena.js';

const ENTRY_WORDS = 4;

/**
 * A FIFO of stores for every CPU, in columns of the machine's state.
 *
 * | word of an entry | holds                           |
 * |------------------|---------------------------------|
 * | 0                | physical address of first byte  |
 * | 1                | size, 1 to 8 bytes              |
 * | 2, 3             | value, lower and upper word     |
 *
 * Invariant: entry 0 is the oldest, and unused entries are zero, so that equal buffers are equal
 * words.
 */
export class StoreBuffers {
  /** Entries that a CPU has. */
  readonly capacity: number;
  readonly #counts: Int32Array;
  readonly #entries: Int32Array;
  /** One word: buffered stores of all CPUs. */
  readonly #total: Int32Array;

  /**
   * @param cpus one more than the highest CPU id
   * @param capacity entries a CPU, at least 1
   */
  constructor(arena: StateArena, cpus: number, capacity: number) {
    this.capacity = capacity;
    this.#counts = arena.column('memory.storeBuffer.count', cpus, 'semantic');
    this.#total = arena.column('memory.storeBuffer.total', 1, 'semantic');
    this.#entries = arena.column(
      'memory.storeBuffer.entries',
      cpus * capacity * ENTRY_WORDS,
      'semantic',
    );
  }

  /** Buffered stores of all CPUs. */
  get total(): number {
    return this.#total[0]!;
  }

  /** Buffered stores of a CPU. */
  count(cpu: number): number {
    return this.#counts[cpu]!;
  }

  /** Adds the youngest store; there must be room. */
  push(cpu: number, physical: number, size: number, low: number, high: number): void {
    const count = this.#counts[cpu]!;
    invariant(count < this.capacity, 'a store is drained before another overflows the buffer');
    const entries = this.#entries;
    const entry = this.#entry(cpu, count);
    entries[entry] = physical;
    entries[entry + 1] = size;
    entries[entry + 2] = low;
    entries[entry + 3] = high;
    this.#counts[cpu] = count + 1;
    this.#total[0]!++;
  }

  /** Drops the `drained` oldest stores. */
  shift(cpu: number, drained: number): void {
    const entries = this.#entries;
    const first = this.#entry(cpu, 0);
    const end = this.#entry(cpu, this.#counts[cpu]!);
    const kept = first + drained * ENTRY_WORDS;
    const distance = kept - first;
    for (let word = kept; word < end; word++) entries[word - distance] = entries[word]!;
    for (let word = end - distance; word < end; word++) entries[word] = 0;
    this.#counts[cpu]! -= drained;
    this.#total[0]! -= drained;
  }

  /** The youngest store that touches any of the bytes; -1 when there is none. */
  youngestOverlap(cpu: number, physical: number, size: number): number {
    const entries = this.#entries;
    const end = physical + size;
    for (let index = this.#counts[cpu]! - 1; index >= 0; index--) {
      const entry = this.#entry(cpu, index);
      const start = entries[entry]!;
      if (start < end && start + entries[entry + 1]! > physical) return index;
    }
    return -1;
  }

  /** Physical address of a store; 0 is the oldest. */
  physical(cpu: number, index: number): number {
    return this.#entries[this.#entry(cpu, index)]!;
  }

  /** Size of a store in bytes. */
  size(cpu: number, index: number): number {
    return this.#entries[this.#entry(cpu, index) + 1]!;
  }

  /** Lower word of a store's value. */
  low(cpu: number, index: number): number {
    return this.#entries[this.#entry(cpu, index) + 2]!;
  }

  /** Upper word of a store's value. */
  high(cpu: number, index: number): number {
    return this.#entries[this.#entry(cpu, index) + 3]!;
  }

  #entry(cpu: number, index: number): number {
    return (cpu * this.capacity + index) * ENTRY_WORDS;
  }
}
