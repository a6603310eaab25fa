import type { AddressSpace } from './address-space.js';
import { HEAP_AREA } from './area.js';
import { MapFlag, Protection } from './mapping-flags.js';
import { pageAlign } from './page.js';

/**
 * Maps memory of zeros at an address, to be read and written, as a loader does: the same as `mmap` with
 * MAP_FIXED, which has less to look at where nothing is mapped yet.
 *
 * @param address a multiple of the page size; the range lies in user space and not over the text
 * @param length bytes, rounded up to whole pages
 */
export function mapPrivate(space: AddressSpace, address: number, length: number): void {
  const end = address + pageAlign(length);
  if (space.areas.insertWhereFree(address, end, HEAP_AREA)) return;
  const flags = MapFlag.Private | MapFlag.Anonymous | MapFlag.Fixed;
  space.mmap(address, length, Protection.Read | Protection.Write, flags);
}
