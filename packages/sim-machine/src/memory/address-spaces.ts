import { AddressSpace } from './address-space.js';
import type { Area } from './area.js';
import type { MemoryObject } from './memory-object.js';
import { PAGE_BYTES, PAGE_SHIFT } from './page.js';
import { entryFrame, PageEntry } from './page-entry.js';
import type { SpaceParts } from './space-parts.js';

/**
 * The address spaces of a machine, pooled: made, copied, torn down.
 *
 * The order of slots depends on nothing but the calls since the last reset.
 */
export class AddressSpaces {
  readonly #parts: SpaceParts;
  readonly #pool: AddressSpace[] = [];
  readonly #free: number[] = [];
  #next = 0;

  constructor(parts: SpaceParts) {
    this.#parts = parts;
  }

  /** An address space that holds the text segment only. */
  create(): AddressSpace {
    const space = this.#take();
    space.begin();
    return space;
  }

  /**
   * A copy of an address space, in O(pages touched): private pages are shared copy-on-write, objects
   * stay shared. @source fork(2)
   */
  fork(parent: AddressSpace): AddressSpace {
    const child = this.#take();
    child.beginAsCopyOf(parent);
    return child;
  }

  /** Empties an address space down to the text segment: what exec does. @source execve(2) */
  exec(space: AddressSpace): void {
    space.clear();
    space.begin();
  }

  /** Tears an address space down, when the last thread in it exited; its slot is free again. */
  destroy(space: AddressSpace): void {
    space.clear();
    this.#free.push(space.id);
  }

  /**
   * Whether the page of an address (unsigned) could be moved to the swap store now: it is in memory,
   * in a frame of contents (not text, not the zeros of a page only read), and swap is not full.
   */
  canSwapOut(space: AddressSpace, address: number): boolean {
    const { memory, objects, swap } = this.#parts;
    const area = space.areas.find(address);
    if (area === undefined || swap.isFull) return false;
    const { object } = area;
    const own = space.pages.entry(address);
    const entry =
      object === undefined || isOwnCopy(own) ? own : objects.entry(object, pageOf(area, address));
    return (entry & PageEntry.Present) !== 0 && !memory.frames.isPinned(entryFrame(entry));
  }

  /**
   * Moves the page of an address to the swap store; the next access is a major fault.
   *
   * A page of an object is taken from all address spaces that map it.
   *
   * @returns whether it was moved; see `canSwapOut`
   */
  swapOut(space: AddressSpace, address: number): boolean {
    if (!this.canSwapOut(space, address)) return false;
    const area = space.areas.find(address)!;
    const { object } = area;
    if (object === undefined || isOwnCopy(space.pages.entry(address)))
      return space.pages.swapOut(address);
    const page = pageOf(area, address);
    this.#unmapObjectPage(object, page);
    return this.#parts.objects.swapOut(object, page);
  }

  /** No address spaces, in O(what was used); frames, swap and translations are reset elsewhere. */
  reset(): void {
    for (let id = 0; id < this.#next; id++) this.#pool[id]!.forget();
    if (this.#free.length > 0) this.#free.length = 0;
    this.#next = 0;
  }

  #take(): AddressSpace {
    const id = this.#free.pop() ?? this.#next++;
    return (this.#pool[id] ??= new AddressSpace(this.#parts, id));
  }

  /** Takes a page of an object out of all page tables; private copies of it stay. */
  #unmapObjectPage(object: MemoryObject, objectPage: number): void {
    const offset = objectPage * PAGE_BYTES;
    for (let id = 0; id < this.#next; id++) {
      const { areas, pages } = this.#pool[id]!;
      for (let index = 0; index < areas.count; index++) {
        const area = areas.at(index);
        const address = area.start + offset - area.offset;
        if (area.object !== object || address < area.start || address >= area.end) continue;
        if ((pages.entry(address) & PageEntry.Backed) !== 0)
          pages.zap(address, address + PAGE_BYTES);
      }
    }
  }
}

/** Whether a page of a mapped object has a frame of its own, as a private mapping gives it. */
function isOwnCopy(entry: number): boolean {
  return entry !== 0 && (entry & PageEntry.Backed) === 0;
}

/** The page of the object that an area maps at the address. */
function pageOf(area: Area, address: number): number {
  return (area.offset + address - area.start) >>> PAGE_SHIFT;
}
