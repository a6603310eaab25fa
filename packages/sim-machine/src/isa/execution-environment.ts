import type { MemoryPort } from '../memory/memory-port.js';
import type { PhysicalViews } from '../memory/physical-views.js';

/**
 * What the executors of one machine run on; interpreter and compiled code are made for one
 * environment and capture its parts as constants.
 */
export interface ExecutionEnvironment {
  /** The register file of every thread, REGISTER_STRIDE words a thread. */
  readonly registers: Int32Array;
  /** Physical memory, which a translation hit reads and writes directly. */
  readonly memory: PhysicalViews;
  /** Translation entries of every address space, see `TRANSLATION_ENTRY_WORDS`. */
  readonly translations: Int32Array;
  /** Where every access goes that misses. */
  readonly port: MemoryPort;
  /** Virtual address of the text segment, the same in every address space; a multiple of 4. */
  readonly textBase: number;
  /** Byte offset of the text segment in physical memory; a multiple of 4. */
  readonly textPhysical: number;
  /**
   * Size of the text segment; the interpreter refuses to start outside of it. Up to the end of
   * physical memory when absent.
   */
  readonly textBytes?: number;
  /** Whether compiled code would miss what the interpreter sees; default no. */
  readonly interpretOnly?: boolean;
}

/**
 * Words of one translation entry.
 *
 * The entry of an address is `tlb + ((address >>> 12 & 63) << 2)`:
 *
 * | word | holds                                                                          |
 * |------|--------------------------------------------------------------------------------|
 * | 0    | read tag: the page's virtual address, or TRANSLATION_INVALID                   |
 * | 1    | write tag: likewise                                                            |
 * | 2    | delta: physical minus virtual address                                          |
 * | 3    | 1 for an entry that was filled since the last reset; executors do not look at it |
 *
 * An access of `size` bytes hits when `(address & (0xfffff000 | size - 1)) === tag`: right page and
 * aligned, in one comparison.
 */
export const TRANSLATION_ENTRY_WORDS = 4;

/** Entries of one address space; direct-mapped by the low bits of the page number. */
export const TRANSLATION_ENTRIES = 64;

/** A tag that no access can equal: bit 11 is never part of the comparison. */
export const TRANSLATION_INVALID = 0x800;
