import { invariant } from '../base/invariant.js';
import { MachineError } from '../base/machine-error.js';
import { pageKey, SWAP_MARK } from './fingerprint.js';
import type { MemoryObject } from './memory-object.js';
import { PAGE_SHIFT, PAGE_WORDS, pageAlign } from './page.js';
import { entryFrame, makeEntry, PageEntry } from './page-entry.js';
import type { PageTables } from './page-tables.js';
import type { PhysicalMemory } from './physical-memory.js';
import type { SwapStore } from './swap-store.js';
import { USER_END } from './user-layout.js';

/** `MemoryObjects.frame` found no memory. */
const NO_FRAME = -1;

/** `MemoryObjects.frame` found the page swapped out. */
export const SWAPPED_OUT = -2;

/** Owner numbers of objects, in page keys, start here; address spaces are below. */
const FIRST_OWNER = 0x10000;

type MutableObject = { -readonly [Key in keyof MemoryObject]: MemoryObject[Key] };

/** The memory objects of a machine; pooled, so that a reset costs only what was used. */
export class MemoryObjects {
  readonly #memory: PhysicalMemory;
  readonly #tables: PageTables;
  readonly #swap: SwapStore;
  readonly #pool: MutableObject[] = [];
  readonly #free: number[] = [];
  #next = 0;

  constructor(memory: PhysicalMemory, tables: PageTables, swap: SwapStore) {
    this.#memory = memory;
    this.#tables = tables;
    this.#swap = swap;
  }

  /**
   * A new object of zeros, with one reference: the descriptor's. Give it back by `release`.
   *
   * @param sizeBytes 0 to 2^31; the last page is zero behind the end
   * @param writable false for a descriptor opened for reading only
   * @throws MachineError ERR_CAPACITY when the size is out of range
   */
  create(sizeBytes: number, writable = true): MemoryObject {
    if (!(Number.isInteger(sizeBytes) && sizeBytes >= 0 && sizeBytes <= USER_END))
      throw new MachineError(
        'ERR_CAPACITY',
        `expected an object of 0 to ${USER_END} bytes, got ${sizeBytes}`,
      );
    const id = this.#free.pop() ?? this.#next++;
    const object = (this.#pool[id] ??= {
      id,
      sizeBytes,
      writable,
      table: this.#tables.create(),
      references: 0,
    });
    object.sizeBytes = sizeBytes;
    object.writable = writable;
    object.references = 1;
    return object;
  }

  /** Counts one more descriptor or area. */
  retain(object: MemoryObject): void {
    this.#pool[object.id]!.references++;
  }

  /** Drops a reference; with the last one the memory is free again. */
  release(object: MemoryObject): void {
    const own = this.#pool[object.id]!;
    invariant(own.references > 0, 'an object is released once a reference');
    own.references--;
    if (own.references > 0) return;
    for (
      let slot = this.#tables.firstSlot(own.table);
      slot >= 0;
      slot = this.#tables.nextSlot(slot)
    )
      this.#drop(own.id, this.#tables.slotPage(slot), this.#tables.slotEntry(slot));
    this.#tables.clear(own.table);
    this.#free.push(own.id);
  }

  /** Whether page `page` begins before the object's end. */
  contains(object: MemoryObject, page: number): boolean {
    return page < pageAlign(object.sizeBytes) >>> PAGE_SHIFT;
  }

  /**
   * The frame of a page inside the object; a page not touched before gets one of zeros.
   *
   * The caller counts its own reference to the frame.
   *
   * @returns the frame, or NO_FRAME, or SWAPPED_OUT
   */
  frame(object: MemoryObject, page: number): number {
    const entry = this.#tables.get(object.table, page);
    if ((entry & PageEntry.Present) !== 0) return entryFrame(entry);
    if ((entry & PageEntry.Swapped) !== 0) return SWAPPED_OUT;
    const frame = this.#memory.allocateZeroed();
    if (frame < 0) return NO_FRAME;
    this.#memory.setKey(frame, this.#key(object.id, page));
    this.#tables.set(object.table, page, makeEntry(frame, PageEntry.Present));
    return frame;
  }

  /** The page's entry; 0 when it was never touched. */
  entry(object: MemoryObject, page: number): number {
    return this.#tables.get(object.table, page);
  }

  /** Moves a page that nobody maps to the swap store; false when it has no frame or swap is full. */
  swapOut(object: MemoryObject, page: number): boolean {
    const entry = this.#tables.get(object.table, page);
    if ((entry & PageEntry.Present) === 0) return false;
    const slot = this.#swap.pageOut(entryFrame(entry));
    if (slot < 0) return false;
    this.#tables.set(object.table, page, makeEntry(slot, PageEntry.Swapped));
    this.#memory.fingerprint?.add(this.#key(object.id, page), SWAP_MARK, 1);
    return true;
  }

  /** Moves a page back from the swap store; false when it is not there or memory is used up. */
  swapIn(object: MemoryObject, page: number): boolean {
    const entry = this.#tables.get(object.table, page);
    if ((entry & PageEntry.Swapped) === 0) return false;
    const frame = this.#swap.pageIn(entryFrame(entry));
    if (frame < 0) return false;
    const key = this.#key(object.id, page);
    this.#memory.setKey(frame, key);
    this.#tables.set(object.table, page, makeEntry(frame, PageEntry.Present));
    this.#memory.fingerprint?.remove(key, SWAP_MARK, 1);
    return true;
  }

  /** Forgets all objects, without a look at their frames: those are reset by their owners. */
  reset(): void {
    for (let id = 0; id < this.#next; id++) this.#tables.clear(this.#pool[id]!.table);
    if (this.#free.length > 0) this.#free.length = 0;
    this.#next = 0;
  }

  #drop(id: number, page: number, entry: number): void {
    if (entry === 0) return;
    const frame = entryFrame(entry);
    const swapped = (entry & PageEntry.Swapped) !== 0;
    const fingerprint = this.#memory.fingerprint;
    if (fingerprint !== undefined) {
      const key = this.#key(id, page);
      const words = swapped ? this.#swap.words : this.#memory.words;
      fingerprint.removePage(key, words, frame * PAGE_WORDS);
      if (swapped) fingerprint.remove(key, SWAP_MARK, 1);
    }
    if (swapped) this.#swap.release(frame);
    else this.#memory.release(frame);
  }

  #key(id: number, page: number): number {
    return pageKey(FIRST_OWNER + id, page);
  }
}
