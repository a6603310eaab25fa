import { invariant } from '../base/invariant.js';
import type { ColumnKind, StateArena } from '../base/state-arena.js';

/** Stores that a CPU can buffer unless a machine says otherwise. */
export const DEFAULT_STORE_BUFFER_ENTRIES = 8;

/** Words of an entry that all models use. */
const ENTRY_WORDS = 4;

/**
 * A list of stores for every CPU, in the order of execution, in columns of the machine's state.
 *
 * | word of an entry | holds                           |
 * |------------------|---------------------------------|
 * | 0                | physical address of first byte  |
 * | 1                | size, 1 to 8 bytes              |
 * | 2, 3             | value, lower and upper word     |
 * | 4 on             | what the memory model adds      |
 *
 * Invariant: entry 0 is the oldest, and unused entries are zero, so that equal buffers are equal
 * words.
 */
export class StoreBuffers {
  /** Entries that a CPU has. */
  readonly capacity: number;
  readonly #entryWords: number;
  readonly #counts: Int32Array;
  readonly #entries: Int32Array;
  /** One word: buffered stores of all CPUs. */
  readonly #total: Int32Array;

  /**
   * @param cpus one more than the highest CPU id
   * @param capacity entries a CPU, at least 1
   * @param added words of an entry that the memory model adds
   * @param kind `accounting` where the memory model tells states apart by itself
   */
  constructor(
    arena: StateArena,
    cpus: number,
    capacity: number,
    added = 0,
    kind: ColumnKind = 'semantic',
  ) {
    this.capacity = capacity;
    this.#entryWords = ENTRY_WORDS + added;
    this.#counts = arena.column('memory.storeBuffer.count', cpus, kind);
    this.#total = arena.column('memory.storeBuffer.total', 1, kind);
    this.#entries = arena.column(
      'memory.storeBuffer.entries',
      cpus * capacity * this.#entryWords,
      kind,
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
    this.remove(cpu, 0, drained);
  }

  /** Drops `removed` stores from `index` on. */
  remove(cpu: number, index: number, removed: number): void {
    const entries = this.#entries;
    const first = this.#entry(cpu, index);
    const end = this.#entry(cpu, this.#counts[cpu]!);
    const distance = removed * this.#entryWords;
    for (let word = first + distance; word < end; word++) entries[word - distance] = entries[word]!;
    for (let word = end - distance; word < end; word++) entries[word] = 0;
    this.#counts[cpu]! -= removed;
    this.#total[0]! -= removed;
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

  /** Word `n` of those that the memory model adds, from 0. */
  added(cpu: number, index: number, n: number): number {
    return this.#entries[this.#entry(cpu, index) + ENTRY_WORDS + n]!;
  }

  /** Sets a word that {@link added} returns. */
  setAdded(cpu: number, index: number, n: number, value: number): void {
    this.#entries[this.#entry(cpu, index) + ENTRY_WORDS + n] = value;
  }

  #entry(cpu: number, index: number): number {
    return (cpu * this.capacity + index) * this.#entryWords;
  }
}
