import { steadyWords } from '../base/steady-array.js';
import {
  TRANSLATION_ENTRIES,
  TRANSLATION_ENTRY_WORDS,
  TRANSLATION_INVALID,
} from '../isa/execution-environment.js';

/** Words of one address space's region. */
const TRANSLATION_STRIDE: number = TRANSLATION_ENTRIES * TRANSLATION_ENTRY_WORDS;

/**
 * What the executors know of page tables: a direct-mapped cache an address space.
 *
 * One host thread runs all CPUs, so a region belongs to an address space, not to a CPU, and a
 * switch between CPUs or address spaces flushes nothing. Address spaces that come after the
 * regions are used up share region 0, which is never filled: all their accesses take the port.
 *
 * Invariant: a valid tag agrees with the page table; whoever takes rights from an entry invalidates
 * first.
 */
export class TranslationCache {
  /** The entries, as executors read them. */
  readonly entries: Int32Array;
  /** Word 0: another number whenever entries were taken back; what was read from one holds until then. */
  readonly generation: Int32Array = steadyWords(1);
  readonly #regions: number;
  /** Entries that were filled since the last reset: their offsets into `entries`. */
  readonly #filled: Int32Array;
  #filledCount = 0;

  /** @param spaces how many address spaces get a region of their own, 1 KiB each */
  constructor(spaces: number) {
    this.#regions = spaces + 1;
    this.entries = new Int32Array(this.#regions * TRANSLATION_STRIDE);
    for (let entry = 0; entry < this.entries.length; entry += TRANSLATION_ENTRY_WORDS)
      this.#invalidate(entry);
    this.#filled = new Int32Array(this.#regions * TRANSLATION_ENTRIES);
  }

  /** The region of an address space, as an offset into `entries`: what executors call `tlb`. */
  region(space: number): number {
    const region = space + 1;
    return region < this.#regions ? region * TRANSLATION_STRIDE : 0;
  }

  /** Lets executors reach the page of `address` at `physical`, both of any byte of the page. */
  fill(tlb: number, address: number, physical: number, writable: boolean): void {
    if (tlb === 0) return;
    const entries = this.entries;
    const entry = entryOf(tlb, address);
    if (entries[entry + 3] === 0) {
      entries[entry + 3] = 1;
      this.#filled[this.#filledCount++] = entry;
    }
    const page = address & ~0xfff;
    entries[entry] = page;
    entries[entry + 1] = writable ? page : TRANSLATION_INVALID;
    entries[entry + 2] = (physical & ~0xfff) - page;
  }

  /** Forgets one page. */
  invalidatePage(tlb: number, address: number): void {
    this.generation[0]! += 1;
    this.#invalidate(entryOf(tlb, address));
  }

  /** Forgets all of a region. */
  invalidate(tlb: number): void {
    this.generation[0]! += 1;
    for (let entry = tlb; entry < tlb + TRANSLATION_STRIDE; entry += TRANSLATION_ENTRY_WORDS)
      this.#invalidate(entry);
  }

  /** Forgets everything, in O(entries filled). */
  reset(): void {
    this.generation[0]! += 1;
    for (let index = 0; index < this.#filledCount; index++) {
      const entry = this.#filled[index]!;
      this.#invalidate(entry);
      this.entries[entry + 3] = 0;
    }
    this.#filledCount = 0;
  }

  #invalidate(entry: number): void {
    this.entries[entry] = TRANSLATION_INVALID;
    this.entries[entry + 1] = TRANSLATION_INVALID;
  }
}

function entryOf(tlb: number, address: number): number {
  return tlb + ((address >>> 12) & (TRANSLATION_ENTRIES - 1)) * TRANSLATION_ENTRY_WORDS;
}
