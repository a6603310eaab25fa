/** Binary logarithm of the page size. */
export const PAGE_SHIFT = 12;

/** Size of a page and of a frame. */
export const PAGE_BYTES = 4096;

/** 32-bit words of a page. */
export const PAGE_WORDS = 1024;

/** The bits of an address that lie inside its page. */
export const PAGE_OFFSET_MASK = 0xfff;

/** The smallest multiple of the page size that is not below `bytes` (0 to 2^32 - 1). */
export function pageAlign(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
}
