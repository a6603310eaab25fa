import type { AddressSpace } from '../../src/memory/address-space.js';
import type { MemorySystem } from '../../src/memory/memory-system.js';

/** Accesses memory as executors do: through the translation entries, by the bus when they miss. */
export class FastPath {
  high = 0;
  /** Accesses that did not need the bus. */
  hits = 0;
  readonly #memory: MemorySystem;

  constructor(memory: MemorySystem) {
    this.#memory = memory;
  }

  load(space: AddressSpace, address: number, size: number): number {
    const { bus, physical } = this.#memory;
    const at = this.#physical(space, address, size, 0);
    if (at < 0) {
      const value = bus.load(address, size, 0);
      this.high = bus.high;
      return value;
    }
    if (size === 1) return physical.bytes[at]!;
    if (size === 2) return physical.halves[at >> 1]!;
    if (size === 8) this.high = physical.words[(at >> 2) + 1]!;
    return physical.words[at >> 2]!;
  }

  store(space: AddressSpace, address: number, size: number, low: number, high: number): void {
    const { bus, physical } = this.#memory;
    const at = this.#physical(space, address, size, 1);
    if (at < 0) {
      bus.store(address, size, low, high, 0);
      return;
    }
    if (size === 1) physical.bytes[at] = low;
    else if (size === 2) physical.halves[at >> 1] = low;
    else physical.words[at >> 2] = low;
    if (size === 8) physical.words[(at >> 2) + 1] = high;
  }

  /** The physical address on a hit, otherwise -1. */
  #physical(space: AddressSpace, address: number, size: number, tag: number): number {
    const { entries } = this.#memory.translations;
    const entry = space.translations + (((address >>> 12) & 63) << 2);
    if ((address & (0xfffff000 | (size - 1))) !== entries[entry + tag]) return -1;
    this.hits++;
    this.#memory.bus.fault = 0;
    return (address + entries[entry + 2]!) | 0;
  }
}
