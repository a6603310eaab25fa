import { PAGE_WORDS } from './page.js';

const LOW_POSITION = 0x9e3779b1;
const LOW_VALUE = 0x85ebca6b;
const HIGH_POSITION = 0xc2b2ae3d;
const HIGH_VALUE = 0x27d4eb2f;

/** Index, behind those of a page's words, of the mark that says that the page is swapped out. */
export const SWAP_MARK: number = PAGE_WORDS;

/** Index of the mark, in page 0 of an address space, that says where its heap ends. */
export const BREAK_MARK: number = PAGE_WORDS + 1;

/**
 * A 64-bit fingerprint of memory that is kept up to date write by write.
 *
 * The sum, in two lanes, of a mix of every non-zero word's place and value. A word's place is the
 * key of the page it is in (which address space or object, and which page of it) and its index: not
 * the frame, so that states which differ only in the order in which pages were first touched are
 * the same, and a page of zeros is the same as one never touched.
 */
export class MemoryFingerprint {
  /** First 32 bits, as int32. */
  low = 0;
  /** Last 32 bits, as int32. */
  high = 0;

  /** Adds a word. */
  add(key: number, index: number, value: number): void {
    if (value === 0) return;
    this.low = (this.low + mix(key, index, value, LOW_POSITION, LOW_VALUE)) | 0;
    this.high = (this.high + mix(key, index, value, HIGH_POSITION, HIGH_VALUE)) | 0;
  }

  /** Takes a word away that was added. */
  remove(key: number, index: number, value: number): void {
    if (value === 0) return;
    this.low = (this.low - mix(key, index, value, LOW_POSITION, LOW_VALUE)) | 0;
    this.high = (this.high - mix(key, index, value, HIGH_POSITION, HIGH_VALUE)) | 0;
  }

  /** Adds a page's words, which start at `words[first]`. */
  addPage(key: number, words: Int32Array, first: number): void {
    for (let index = 0; index < PAGE_WORDS; index++) this.add(key, index, words[first + index]!);
  }

  /** Takes a page's words away. */
  removePage(key: number, words: Int32Array, first: number): void {
    for (let index = 0; index < PAGE_WORDS; index++) this.remove(key, index, words[first + index]!);
  }

  /** Back to that of empty memory. */
  reset(): void {
    this.low = 0;
    this.high = 0;
  }
}

/** The key of page `page` of an address space or an object; owners are numbered apart from 1 on. */
export function pageKey(owner: number, page: number): number {
  return Math.imul(owner, 0x61c88647) ^ page;
}

function mix(
  key: number,
  index: number,
  value: number,
  position: number,
  multiplier: number,
): number {
  let hash = Math.imul(key ^ Math.imul(index + 1, position), multiplier);
  hash = Math.imul(hash ^ (hash >>> 15) ^ value, position);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 16);
}
