import type { Area } from './area.js';
import { pageKey, SWAP_MARK } from './fingerprint.js';
import { Protection } from './mapping-flags.js';
import { PAGE_SHIFT, PAGE_WORDS } from './page.js';
import { entryFrame, makeEntry, PageEntry } from './page-entry.js';
import type { SpaceParts } from './space-parts.js';

/**
 * The pages of one address space: its page table, with what must be done to frames, swap slots,
 * translations and buffered stores whenever an entry changes.
 *
 * Invariant: a frame that is not Backed and not CopyOnWrite is mapped by exactly one entry, here.
 */
export class SpacePages {
  /** Handle of the page table. */
  readonly table: number;
  /** Offset of the region in the translation cache. */
  readonly translations: number;
  readonly #parts: SpaceParts;
  readonly #owner: number;

  /** @param space slot of the address space */
  constructor(parts: SpaceParts, space: number) {
    this.#parts = parts;
    this.#owner = space + 1;
    this.table = parts.tables.create();
    this.translations = parts.translations.region(space);
  }

  /** The entry of the page that holds the address. */
  entry(address: number): number {
    return this.#parts.tables.get(this.table, address >>> PAGE_SHIFT);
  }

  /** Whether the frame that an entry names is mapped by nobody else. */
  isExclusive(entry: number): boolean {
    const { frames } = this.#parts.memory;
    const frame = entryFrame(entry);
    return (
      (entry & PageEntry.Backed) === 0 && !frames.isPinned(frame) && frames.references(frame) === 1
    );
  }

  /** Maps a frame, whose reference the caller hands over, as the area says. */
  map(address: number, frame: number, area: Area, bits: number): void {
    const page = address >>> PAGE_SHIFT;
    if ((bits & (PageEntry.Backed | PageEntry.CopyOnWrite)) === 0)
      this.#parts.memory.setKey(frame, this.#key(page));
    this.#parts.tables.set(
      this.table,
      page,
      makeEntry(frame, bits | PageEntry.Present) | rights(area.protection, bits),
    );
  }

  /** Makes an exclusive copy-on-write page writable without a copy. */
  reclaim(address: number, area: Area): void {
    this.map(address, entryFrame(this.entry(address)), area, 0);
  }

  /**
   * Gives a page a frame of its own with the same contents.
   *
   * @returns false when memory is used up
   */
  copy(address: number, area: Area): boolean {
    const { memory, quiescence, translations } = this.#parts;
    const entry = this.entry(address);
    const from = entryFrame(entry);
    quiescence.drainFrame(from);
    const frame =
      memory.frames.isPinned(from) && (entry & PageEntry.Backed) === 0
        ? memory.allocateZeroed()
        : memory.allocateFrom(memory.words, from * PAGE_WORDS);
    if (frame < 0) return false;
    memory.observer?.frameCopied(from, frame);
    memory.release(from);
    if ((entry & PageEntry.Backed) !== 0)
      memory.fingerprint?.addPage(
        this.#key(address >>> PAGE_SHIFT),
        memory.words,
        frame * PAGE_WORDS,
      );
    translations.invalidatePage(this.translations, address);
    this.map(address, frame, area, 0);
    return true;
  }

  /** Unmaps all pages of a range; their contents are gone unless somebody else refers to them. */
  zap(start: number, end: number): void {
    const { tables } = this.#parts;
    const last = end / 4096;
    let page = tables.nextCandidate(this.table, start >>> PAGE_SHIFT, last);
    while (page < last) {
      const entry = tables.get(this.table, page);
      if (entry !== 0) {
        this.#drop(page, entry);
        tables.set(this.table, page, 0);
      }
      page = tables.nextCandidate(this.table, page + 1, last);
    }
  }

  /** Gives the pages of a range the rights of a protection. */
  protect(start: number, end: number, protection: number): void {
    const { tables, translations, quiescence } = this.#parts;
    const last = end / 4096;
    let page = tables.nextCandidate(this.table, start >>> PAGE_SHIFT, last);
    while (page < last) {
      const entry = tables.get(this.table, page);
      if ((entry & PageEntry.Present) !== 0) {
        if ((entry & PageEntry.Writable) !== 0) quiescence.drainFrame(entryFrame(entry));
        translations.invalidatePage(this.translations, page << PAGE_SHIFT);
        const kept = entry & ~(PageEntry.Readable | PageEntry.Writable);
        tables.set(this.table, page, kept | rights(protection, entry));
      }
      page = tables.nextCandidate(this.table, page + 1, last);
    }
  }

  /**
   * Shares all private pages with a child, copy-on-write on both sides.
   *
   * Pages of objects and of the text are not copied: the child faults them in, as on Linux.
   *
   * @source copy_page_range, vma_needs_copy, mm/memory.c
   */
  shareWith(child: SpacePages): void {
    const { tables, memory, swap, translations, quiescence } = this.#parts;
    translations.invalidate(this.translations);
    let slot = tables.firstSlot(this.table);
    for (; slot >= 0; slot = tables.nextSlot(slot)) {
      let entry = tables.slotEntry(slot);
      if (entry === 0 || (entry & PageEntry.Backed) !== 0) continue;
      const frame = entryFrame(entry);
      if ((entry & PageEntry.Swapped) !== 0) {
        swap.retain(frame);
      } else {
        quiescence.drainFrame(frame);
        memory.frames.retain(frame);
        entry = (entry & ~PageEntry.Writable) | PageEntry.CopyOnWrite;
        tables.setSlotEntry(slot, entry);
      }
      const page = tables.slotPage(slot);
      tables.set(child.table, page, entry);
      child.#noteContents(page, entry, 1);
    }
  }

  /**
   * Moves a private page to the swap store; false when it has no frame of contents or swap is full.
   */
  swapOut(address: number): boolean {
    const { tables, memory, swap, translations, quiescence } = this.#parts;
    const page = address >>> PAGE_SHIFT;
    const entry = this.entry(address);
    const frame = entryFrame(entry);
    if ((entry & PageEntry.Present) === 0 || memory.frames.isPinned(frame)) return false;
    quiescence.drainFrame(frame);
    const slot = swap.pageOut(frame);
    if (slot < 0) return false;
    translations.invalidatePage(this.translations, address);
    tables.set(this.table, page, makeEntry(slot, PageEntry.Swapped));
    memory.fingerprint?.add(this.#key(page), SWAP_MARK, 1);
    return true;
  }

  /** Moves a page back from the swap store; false when memory is used up. */
  swapIn(address: number, area: Area): boolean {
    const { memory, swap } = this.#parts;
    const frame = swap.pageIn(entryFrame(this.entry(address)));
    if (frame < 0) return false;
    memory.fingerprint?.remove(this.#key(address >>> PAGE_SHIFT), SWAP_MARK, 1);
    this.map(address, frame, area, 0);
    return true;
  }

  /** Unmaps everything: exec, exit. */
  clear(): void {
    const { tables, translations } = this.#parts;
    let slot = tables.firstSlot(this.table);
    for (; slot >= 0; slot = tables.nextSlot(slot)) {
      const entry = tables.slotEntry(slot);
      if (entry !== 0) this.#drop(tables.slotPage(slot), entry);
    }
    tables.clear(this.table);
    translations.invalidate(this.translations);
  }

  /** Forgets everything; frames, swap, translations and fingerprint are reset by their owners. */
  forget(): void {
    this.#parts.tables.clear(this.table);
  }

  #drop(page: number, entry: number): void {
    const { memory, swap, translations, quiescence } = this.#parts;
    this.#noteContents(page, entry, -1);
    const frame = entryFrame(entry);
    if ((entry & PageEntry.Swapped) !== 0) {
      swap.release(frame);
      return;
    }
    quiescence.drainFrame(frame);
    translations.invalidatePage(this.translations, page << PAGE_SHIFT);
    memory.release(frame);
  }

  #noteContents(page: number, entry: number, sign: 1 | -1): void {
    const { memory, swap } = this.#parts;
    const { fingerprint } = memory;
    if (fingerprint === undefined || (entry & PageEntry.Backed) !== 0) return;
    const key = this.#key(page);
    const swapped = (entry & PageEntry.Swapped) !== 0;
    const words = swapped ? swap.words : memory.words;
    const first = entryFrame(entry) * PAGE_WORDS;
    if (sign > 0) fingerprint.addPage(key, words, first);
    else fingerprint.removePage(key, words, first);
    if (!swapped) return;
    if (sign > 0) fingerprint.add(key, SWAP_MARK, 1);
    else fingerprint.remove(key, SWAP_MARK, 1);
  }

  #key(page: number): number {
    return pageKey(this.#owner, page);
  }
}

/** The rights that an area's protection gives an entry with the given bits. */
function rights(protection: number, bits: number): number {
  if (protection === Protection.None) return 0;
  const writable =
    (protection & Protection.Write) !== 0 && (bits & PageEntry.CopyOnWrite) === 0
      ? PageEntry.Writable
      : 0;
  return PageEntry.Readable | writable;
}
