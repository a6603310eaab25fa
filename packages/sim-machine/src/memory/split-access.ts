import type { MemoryModel } from './memory-model.js';
import type { MemoryOrder } from './memory-port.js';
import { PAGE_BYTES, PAGE_OFFSET_MASK } from './page.js';
import { shiftedHigh, shiftedLow } from './word-pair.js';

/**
 * An access that begins in one page and ends in the next.
 *
 * As on x86, it is two stores, each in one piece, or loads of bytes; only an atomic operation is one
 * for all others (a split lock).
 */
export class SplitAccess {
  /** Physical address of the first byte. */
  lower = 0;
  /** Physical address of the first byte in the second page. */
  upper = 0;
  /** The upper word of the last load of 8 bytes. */
  high = 0;
  readonly #model: MemoryModel;

  constructor(model: MemoryModel) {
    this.#model = model;
  }

  /** Bytes in the first page. */
  get lowerBytes(): number {
    return PAGE_BYTES - (this.lower & PAGE_OFFSET_MASK);
  }

  /** Loads through the memory model; returns the lower word. */
  load(cpu: number, size: number, order: MemoryOrder): number {
    const lowerBytes = this.lowerBytes;
    let low = 0;
    let high = 0;
    let latest = 0;
    const { views } = this.#model;
    for (let index = 0; index < size; index++) {
      const physical = index < lowerBytes ? this.lower + index : this.upper + index - lowerBytes;
      const byte = this.#model.load(cpu, physical, 1, order);
      if (views !== undefined) latest = Math.max(latest, views.resultMoment);
      if (index < 4) low |= byte << (index * 8);
      else high |= byte << (index * 8 - 32);
    }
    if (views !== undefined) views.resultMoment = latest;
    this.high = high;
    return low;
  }

  /** Stores through the memory model. */
  store(
    cpu: number,
    thread: number,
    size: number,
    low: number,
    high: number,
    order: MemoryOrder,
  ): void {
    const first = this.lowerBytes;
    const bits = first * 8;
    this.#model.store(cpu, thread, this.lower, first, low, high, order);
    const restLow = shiftedLow(low, high, bits);
    const restHigh = shiftedHigh(high, bits);
    this.#model.store(cpu, thread, this.upper, size - first, restLow, restHigh, order);
  }

  /** Writes a word to memory, as an atomic operation does. */
  writeWord(cpu: number, value: number): void {
    const first = this.lowerBytes;
    this.#model.writeAtomic(cpu, this.lower, first, value);
    this.#model.writeAtomic(cpu, this.upper, 4 - first, value >>> (first * 8));
  }
}
