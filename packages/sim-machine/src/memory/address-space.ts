import { Errno } from '../base/errno.js';
import { AreaKind, HEAP_AREA, TEXT_AREA } from './area.js';
import { AreaList } from './area-list.js';
import { FaultAccess, FaultOutcome } from './fault-outcome.js';
import { resolveFault } from './fault-resolution.js';
import { BREAK_MARK, pageKey } from './fingerprint.js';
import { GapSearch } from './gap-search.js';
import { Advice, MAP_TYPE_MASK, MapFlag, Protection, PROTECTION_MASK } from './mapping-flags.js';
import type { MemoryObject } from './memory-object.js';
import { PAGE_BYTES, PAGE_OFFSET_MASK, PAGE_SHIFT, pageAlign } from './page.js';
import { PageEntry } from './page-entry.js';
import { SpacePages } from './space-pages.js';
import type { SpaceParts } from './space-parts.js';
import { HEAP_BASE, MMAP_MIN_ADDRESS, USER_END } from './user-layout.js';

/**
 * What a process sees at which address: its areas, its pages and the system calls on them.
 *
 * Every system call returns what Linux returns: an address or 0, or a negative errno. Addresses and
 * lengths may be int32 or uint32. Made, copied and torn down by `AddressSpaces`.
 */
export class AddressSpace {
  /** Slot; free again after the address space was torn down. */
  readonly id: number;
  /** What is mapped where, in ascending order. */
  readonly areas: AreaList;
  /** The page table. */
  readonly pages: SpacePages;
  readonly #parts: SpaceParts;
  readonly #gaps = new GapSearch();
  #break = 0;

  constructor(parts: SpaceParts, id: number) {
    this.id = id;
    this.#parts = parts;
    this.areas = new AreaList(parts.objects, parts.memory.fingerprint, id + 1);
    this.pages = new SpacePages(parts, id);
  }

  /** Offset of its region in the translation cache; what executors call `tlb`. Never changes. */
  get translations(): number {
    return this.pages.translations;
  }

  /** Starts over as an address space that holds the text segment only; it must be empty. */
  begin(): void {
    const { text } = this.#parts;
    this.#moveBreak(HEAP_BASE);
    this.#gaps.reset();
    this.areas.insert(text.base, text.end, TEXT_AREA);
  }

  /** Becomes a copy of another: areas are copied, private pages shared until one side writes. */
  beginAsCopyOf(parent: AddressSpace): void {
    this.#moveBreak(parent.#break);
    this.#gaps.reset();
    this.areas.copyFrom(parent.areas);
    parent.pages.shareWith(this.pages);
  }

  /** Unmaps everything: the tear-down of exec and of exit. */
  clear(): void {
    this.pages.clear();
    this.areas.clear();
    this.#moveBreak(0);
  }

  /** Forgets everything, when the whole machine is reset. */
  forget(): void {
    this.pages.forget();
    this.areas.forget();
    this.#break = 0;
  }

  /**
   * Maps anonymous memory or a memory object.
   *
   * @param object what the file descriptor names; undefined when it names none (EBADF)
   * @param offset byte of the object at the first address
   * @returns the address; -EINVAL for an unaligned offset, a length of 0, an unaligned fixed address
   *   or no valid type; -EBADF; -EACCES for a shared writable mapping of a read-only object;
   *   -EEXIST (MAP_FIXED_NOREPLACE); -EPERM below MMAP_MIN_ADDRESS or over the sealed text; -ENOMEM
   *   when there is no room or too many areas
   * @source mmap(2), mseal(2), do_mmap in mm/mmap.c
   */
  mmap(
    address: number,
    length: number,
    protection: number,
    flags: number,
    object?: MemoryObject,
    offset = 0,
  ): number {
    const anonymous = (flags & MapFlag.Anonymous) !== 0;
    if ((offset & PAGE_OFFSET_MASK) !== 0) return -Errno.EINVAL;
    if (!anonymous && object === undefined) return -Errno.EBADF;
    if (length === 0) return -Errno.EINVAL;
    const size = pageAlign(length >>> 0);
    if (size > USER_END || this.areas.count >= this.#parts.maxAreas) return -Errno.ENOMEM;
    const start = this.#place(address >>> 0, size, flags);
    if (start < 0) return start;
    const type = flags & MAP_TYPE_MASK;
    const shared = type === MapFlag.Shared || (type === MapFlag.SharedValidate && !anonymous);
    if (!shared && type !== MapFlag.Private) return -Errno.EINVAL;
    const rights = protection & PROTECTION_MASK;
    const backing = anonymous ? undefined : object;
    if (shared && backing?.writable === false && (rights & Protection.Write) !== 0)
      return -Errno.EACCES;
    if ((flags & MapFlag.Fixed) !== 0) {
      const error = this.#unmap(start, start + size);
      if (error < 0) return error;
    }
    this.#insert(start, size, rights, shared, backing, backing === undefined ? 0 : offset >>> 0);
    if ((flags & MapFlag.Populate) !== 0) this.#populate(start, start + size, rights);
    return start;
  }

  /**
   * Unmaps a range; parts of it that are not mapped do not matter.
   *
   * @returns 0; -EINVAL for an unaligned address, a length of 0 or addresses beyond user space; -EPERM
   *   over the sealed text; -ENOMEM when cutting would make too many areas
   * @source munmap(2), mseal(2)
   */
  munmap(address: number, length: number): number {
    const start = address >>> 0;
    const end = start + pageAlign(length >>> 0);
    if ((start & PAGE_OFFSET_MASK) !== 0 || length === 0 || end > USER_END) return -Errno.EINVAL;
    return this.#unmap(start, end);
  }

  /**
   * Changes what may be done with a range, up to the first place where it cannot.
   *
   * @returns 0; -EINVAL for an unaligned address or unknown bits; -ENOMEM for a range that is not
   *   mapped throughout, or too many areas; -EACCES to make a read-only shared object writable; -EPERM
   *   over the sealed text
   * @source mprotect(2), mseal(2), do_mprotect_pkey in mm/mprotect.c
   */
  mprotect(address: number, length: number, protection: number): number {
    const start = address >>> 0;
    const end = start + pageAlign(length >>> 0);
    if ((start & PAGE_OFFSET_MASK) !== 0) return -Errno.EINVAL;
    if (length === 0) return 0;
    if ((protection & ~PROTECTION_MASK) !== 0) return -Errno.EINVAL;
    let cursor = start;
    let error = 0;
    for (let index = this.areas.indexFrom(start); cursor < end && error === 0; index++) {
      if (index === this.areas.count || this.areas.at(index).start > cursor) {
        error = -Errno.ENOMEM;
        break;
      }
      const area = this.areas.at(index);
      const forWriting = area.shared && (protection & Protection.Write) !== 0;
      if (area.kind === AreaKind.Text) error = -Errno.EPERM;
      else if (forWriting && area.object?.writable === false) error = -Errno.EACCES;
      else cursor = Math.min(area.end, end);
    }
    if (cursor === start) return error;
    if (!this.#fits(start, cursor)) return -Errno.ENOMEM;
    this.areas.protect(start, cursor, protection);
    this.pages.protect(start, cursor, protection);
    return error;
  }

  /**
   * Takes advice; MADV_DONTNEED drops the pages of a range: private ones are zeros again, those of
   * an object are found again.
   *
   * @returns 0; -EINVAL for an unaligned address or advice not in {@link Advice}; -ENOMEM when parts
   *   of the range are not mapped, after the rest was done
   * @source madvise(2)
   */
  madvise(address: number, length: number, advice: number): number {
    const start = address >>> 0;
    const end = start + pageAlign(length >>> 0);
    if (advice < Advice.Normal || advice > Advice.DontNeed) return -Errno.EINVAL;
    if ((start & PAGE_OFFSET_MASK) !== 0 || end > 2 ** 32) return -Errno.EINVAL;
    let cursor = start;
    let error = 0;
    for (let index = this.areas.indexFrom(start); index < this.areas.count; index++) {
      const area = this.areas.at(index);
      if (area.start >= end) break;
      if (area.start > cursor) error = -Errno.ENOMEM;
      const from = Math.max(area.start, start);
      cursor = Math.min(area.end, end);
      if (advice === Advice.DontNeed) this.pages.zap(from, cursor);
    }
    return cursor < end ? -Errno.ENOMEM : error;
  }

  /**
   * Moves the end of the heap.
   *
   * @returns the new program break; the old one where it cannot move there, and for 0
   * @source brk(2), section "C library/kernel differences"
   */
  brk(address: number): number {
    const wanted = address >>> 0;
    const oldEnd = pageAlign(this.#break);
    const newEnd = pageAlign(wanted);
    if (wanted < HEAP_BASE || newEnd > USER_END) return this.#break;
    if (newEnd < oldEnd) {
      if (this.#unmap(newEnd, oldEnd) < 0) return this.#break;
    } else if (newEnd > oldEnd) {
      if (this.areas.overlaps(oldEnd, newEnd) || this.areas.count >= this.#parts.maxAreas)
        return this.#break;
      this.areas.insert(oldEnd, newEnd, HEAP_AREA);
    }
    this.#moveBreak(wanted);
    return wanted;
  }

  /** Makes the page of an address (int32) accessible; see `resolveFault`. */
  resolve(address: number, access: FaultAccess): FaultOutcome {
    return resolveFault(this.#parts, this.areas, this.pages, address, access);
  }

  /**
   * Ends a major fault: the page of the address, or of the object there, is in memory again.
   *
   * @returns false when it is not swapped out (any more), or memory is used up
   */
  swapIn(address: number): boolean {
    const area = this.areas.find(address);
    if (area === undefined) return false;
    const entry = this.pages.entry(address);
    if ((entry & PageEntry.Swapped) !== 0) return this.pages.swapIn(address, area);
    if (entry !== 0 || area.object === undefined) return false;
    return this.#parts.objects.swapIn(
      area.object,
      (area.offset + address - area.start) >>> PAGE_SHIFT,
    );
  }

  #moveBreak(address: number): void {
    const { fingerprint } = this.#parts.memory;
    const key = pageKey(this.id + 1, 0);
    fingerprint?.remove(key, BREAK_MARK, this.#break);
    this.#break = address;
    fingerprint?.add(key, BREAK_MARK, address);
  }

  /** Where a mapping goes, or a negative errno. */
  #place(hint: number, size: number, flags: number): number {
    if ((flags & (MapFlag.Fixed | MapFlag.FixedNoReplace)) !== 0) {
      if (hint > USER_END - size) return -Errno.ENOMEM;
      if ((hint & PAGE_OFFSET_MASK) !== 0) return -Errno.EINVAL;
      if (hint < MMAP_MIN_ADDRESS) return -Errno.EPERM;
      const exclusive = (flags & MapFlag.FixedNoReplace) !== 0;
      return exclusive && this.areas.overlaps(hint, hint + size) ? -Errno.EEXIST : hint;
    }
    const near = Math.max(pageAlign(hint), MMAP_MIN_ADDRESS);
    if (hint !== 0 && near + size <= USER_END && !this.areas.overlaps(near, near + size))
      return near;
    const start = this.#gaps.find(this.areas, size);
    return start < 0 ? -Errno.ENOMEM : start;
  }

  #insert(
    start: number,
    size: number,
    protection: number,
    shared: boolean,
    object: MemoryObject | undefined,
    offset: number,
  ): void {
    const backing = object ?? (shared ? this.#parts.objects.create(size) : undefined);
    const kind = backing === undefined ? AreaKind.Anonymous : AreaKind.Object;
    this.areas.insert(start, start + size, { protection, kind, shared, object: backing, offset });
    // The areas alone keep the object behind an anonymous shared mapping.
    if (object === undefined && backing !== undefined) this.#parts.objects.release(backing);
  }

  #unmap(start: number, end: number): number {
    const { text } = this.#parts;
    if (!this.areas.overlaps(start, end)) return 0;
    if (start < text.end && end > text.base) return -Errno.EPERM;
    if (!this.#fits(start, end)) return -Errno.ENOMEM;
    this.pages.zap(start, end);
    this.areas.remove(start, end);
    this.#gaps.freed(end);
    return 0;
  }

  #fits(start: number, end: number): boolean {
    return this.areas.count + this.areas.cutsNeeded(start, end) <= this.#parts.maxAreas;
  }

  #populate(start: number, end: number, protection: number): void {
    if (protection === Protection.None) return;
    const write = (protection & Protection.Write) !== 0;
    const access = write ? FaultAccess.Write : FaultAccess.Read;
    for (let address = start; address < end; address += PAGE_BYTES)
      if (this.resolve(address, access) === FaultOutcome.Major && this.swapIn(address))
        this.resolve(address, access);
  }
}
