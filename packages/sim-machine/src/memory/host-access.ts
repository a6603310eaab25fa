import { MachineError } from '../base/machine-error.js';
import type { AddressSpace } from './address-space.js';
import { AreaKind } from './area.js';
import { FaultAccess, LAST_RESOLVED_OUTCOME } from './fault-outcome.js';
import { makeAccessible } from './fault-resolution.js';
import type { MemoryObject } from './memory-object.js';
import { PAGE_OFFSET_MASK, PAGE_SHIFT, PAGE_WORDS } from './page.js';
import { entryFrame, FRAME_ADDRESS_MASK, PageEntry } from './page-entry.js';
import type { SpaceParts } from './space-parts.js';

/** A 64-bit value in two words, as int32. */
export interface WordPair {
  readonly low: number;
  readonly high: number;
}

/** Bits of an entry whose frame is not the page's own. */
const SHARED_PAGE = PageEntry.CopyOnWrite | PageEntry.Backed;

/**
 * Memory as a debugger sees it: by virtual address, for setting up and for checking, by no thread.
 *
 * Reads change nothing: pages never touched read as zeros, swapped pages are read where they are.
 * Writes make pages present and their own, whatever the protection says. Buffered stores are not
 * seen before they are visible. Addresses may be int32 or uint32, aligned or not.
 */
export class HostAccess {
  readonly #parts: SpaceParts;

  constructor(parts: SpaceParts) {
    this.#parts = parts;
  }

  /** The byte, 0 to 255. @throws MachineError ERR_ADDRESS when nothing is mapped there */
  read8(space: AddressSpace, address: number): number {
    return (this.#word(space, address & ~3) >>> ((address & 3) * 8)) & 0xff;
  }

  /** 16 bits, 0 to 65535. @throws MachineError ERR_ADDRESS when nothing is mapped there */
  read16(space: AddressSpace, address: number): number {
    return this.read8(space, address) | (this.read8(space, address + 1) << 8);
  }

  /** 32 bits, as int32. @throws MachineError ERR_ADDRESS when nothing is mapped there */
  read32(space: AddressSpace, address: number): number {
    const low = this.#word(space, address & ~3);
    const bits = (address & 3) * 8;
    if (bits === 0) return low;
    return (low >>> bits) | (this.#word(space, (address & ~3) + 4) << (32 - bits));
  }

  /**
   * Copies 32-bit words that lie one behind the other, from an address that is a multiple of 4.
   *
   * @throws MachineError ERR_ADDRESS when nothing is mapped there
   */
  readWords(space: AddressSpace, address: number, into: Int32Array): void {
    for (let done = 0; done < into.length;) {
      const at = address + 4 * done;
      const index = (at & PAGE_OFFSET_MASK) >> 2;
      const count = Math.min(into.length - done, PAGE_WORDS - index);
      const entry = space.pages.entry(at);
      if ((entry & PageEntry.Present) !== 0) {
        const from = ((entry & FRAME_ADDRESS_MASK) >> 2) + index;
        into.set(this.#parts.memory.words.subarray(from, from + count), done);
      } else for (let n = 0; n < count; n++) into[done + n] = this.#word(space, at + 4 * n);
      done += count;
    }
  }

  /** 64 bits. @throws MachineError ERR_ADDRESS when nothing is mapped there */
  read64(space: AddressSpace, address: number): WordPair {
    return { low: this.read32(space, address), high: this.read32(space, address + 4) };
  }

  /** Writes a byte. @throws MachineError ERR_ADDRESS where there is nothing to write to */
  write8(space: AddressSpace, address: number, value: number): void {
    this.#parts.memory.write(this.#writable(space, address), 1, value, 0);
  }

  /** Writes 16 bits. @throws MachineError ERR_ADDRESS where there is nothing to write to */
  write16(space: AddressSpace, address: number, value: number): void {
    this.write8(space, address, value);
    this.write8(space, address + 1, value >>> 8);
  }

  /** Writes 32 bits. @throws MachineError ERR_ADDRESS where there is nothing to write to */
  write32(space: AddressSpace, address: number, value: number): void {
    if ((address & 3) === 0) {
      this.#parts.memory.write(this.#writable(space, address), 4, value, 0);
      return;
    }
    this.write16(space, address, value);
    this.write16(space, address + 2, value >>> 16);
  }

  /** Writes 64 bits. @throws MachineError ERR_ADDRESS where there is nothing to write to */
  write64(space: AddressSpace, address: number, low: number, high: number): void {
    this.write32(space, address, low);
    this.write32(space, address + 4, high);
  }

  /** Copies the first words of a memory object, whoever maps it. */
  readObject(object: MemoryObject, into: Int32Array): void {
    for (let done = 0; done < into.length; done += PAGE_WORDS) {
      const entry = this.#parts.objects.entry(object, done / PAGE_WORDS);
      const count = Math.min(into.length - done, PAGE_WORDS);
      const isSwapped = (entry & PageEntry.Swapped) !== 0;
      const words = isSwapped ? this.#parts.swap.words : this.#parts.memory.words;
      const from = isSwapped ? entryFrame(entry) * PAGE_WORDS : (entry & FRAME_ADDRESS_MASK) >> 2;
      if (entry === 0) into.fill(0, done, done + count);
      else into.set(words.subarray(from, from + count), done);
    }
  }

  /** The word at an address that is a multiple of 4. */
  #word(space: AddressSpace, address: number): number {
    const entry = space.pages.entry(address);
    const index = (address & PAGE_OFFSET_MASK) >> 2;
    if ((entry & PageEntry.Present) !== 0)
      return this.#parts.memory.words[((entry & FRAME_ADDRESS_MASK) >> 2) + index]!;
    if ((entry & PageEntry.Swapped) !== 0) return this.#swapped(entry, index);
    const area = space.areas.find(address | 0);
    if (area === undefined) throw unmapped(address);
    const offset = (address | 0) - area.start;
    if (area.kind === AreaKind.Text)
      return this.#parts.memory.words[(this.#parts.text.physical + offset) >> 2]!;
    if (area.object === undefined) return 0;
    const backing = this.#parts.objects.entry(area.object, (area.offset + offset) >>> PAGE_SHIFT);
    if ((backing & PageEntry.Swapped) !== 0) return this.#swapped(backing, index);
    if (backing === 0) return 0;
    return this.#parts.memory.words[((backing & FRAME_ADDRESS_MASK) >> 2) + index]!;
  }

  #swapped(entry: number, index: number): number {
    return this.#parts.swap.words[entryFrame(entry) * PAGE_WORDS + index]!;
  }

  /** The physical address of a byte that may be written from outside. */
  #writable(space: AddressSpace, address: number): number {
    const own = address | 0;
    const entry = space.pages.entry(own);
    const isOwn = (entry & (PageEntry.Present | SHARED_PAGE)) === PageEntry.Present;
    const frame = isOwn ? entry : this.#makeWritable(space, own, entry);
    return (frame & FRAME_ADDRESS_MASK) | (own & PAGE_OFFSET_MASK);
  }

  /** Gives a page a frame that may be written from outside; the page's new entry. */
  #makeWritable(space: AddressSpace, own: number, entry: number): number {
    const area = space.areas.find(own);
    if (area === undefined || area.kind === AreaKind.Text) throw unmapped(own);
    // A page that was never touched is swapped out only with the object that it is of.
    if (entry !== 0 || area.object !== undefined) space.swapIn(own);
    const outcome = makeAccessible(this.#parts, space.pages, area, own, FaultAccess.Write);
    if (outcome > LAST_RESOLVED_OUTCOME)
      throw new MachineError(
        'ERR_CAPACITY',
        `expected a free page frame to write to 0x${(own >>> 0).toString(16)}, got none`,
      );
    return space.pages.entry(own);
  }
}

function unmapped(address: number): MachineError {
  return new MachineError(
    'ERR_ADDRESS',
    `expected an address that is mapped, got 0x${(address >>> 0).toString(16)}`,
  );
}
