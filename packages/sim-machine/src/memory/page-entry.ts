/**
 * Bits of a page-table entry; bits 12 to 31 hold the frame, or the slot in the swap store.
 *
 * An entry of 0 says that nothing is known of the page: the area it lies in decides.
 *
 * Invariant: Present and Swapped exclude each other; Writable excludes CopyOnWrite.
 */
export const PageEntry = {
  /** The page is in a frame. */
  Present: 1,
  /** The page may be written now, without a fault. */
  Writable: 2,
  /** The page may be read; taken away by PROT_NONE. */
  Readable: 4,
  /** The frame is not the page's own: a write moves the page to a frame of its own. */
  CopyOnWrite: 8,
  /** The frame belongs to a memory object or to the text segment. */
  Backed: 16,
  /** The page's contents are in the swap store. */
  Swapped: 32,
} as const;

/** What an entry needs for a load. */
export const READABLE_ENTRY: number = PageEntry.Present | PageEntry.Readable;

/** What an entry needs for a store or an atomic. */
export const WRITABLE_ENTRY: number = PageEntry.Present | PageEntry.Readable | PageEntry.Writable;

/** The bits of an entry that are the physical address of its frame. */
export const FRAME_ADDRESS_MASK: number = ~0xfff;

/** The frame (or swap slot) that an entry names. */
export function entryFrame(entry: number): number {
  return entry >>> 12;
}

/** An entry of a frame (or swap slot) and {@link PageEntry} bits. */
export function makeEntry(frame: number, bits: number): number {
  return (frame << 12) | bits;
}
