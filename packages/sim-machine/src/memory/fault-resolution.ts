import { type Area, AreaKind } from './area.js';
import type { AreaList } from './area-list.js';
import { FaultAccess, FaultOutcome } from './fault-outcome.js';
import { Protection } from './mapping-flags.js';
import { SWAPPED_OUT } from './memory-objects.js';
import { PAGE_SHIFT } from './page.js';
import { entryFrame, PageEntry } from './page-entry.js';
import { ZERO_FRAME } from './physical-memory.js';
import type { SpacePages } from './space-pages.js';
import type { SpaceParts } from './space-parts.js';

/**
 * Makes the page of an address accessible, if the areas allow it: the page-fault handler.
 *
 * Private pages are made on demand: a first read maps zeros that are shared until written, a first
 * write gets a frame. A major fault changes nothing: the page has to be swapped in first.
 *
 * @param address int32; negative ones belong to the kernel
 * @source handle_mm_fault, do_anonymous_page, do_wp_page, mm/memory.c; access_error,
 *   arch/x86/mm/fault.c
 */
export function resolveFault(
  parts: SpaceParts,
  areas: AreaList,
  pages: SpacePages,
  address: number,
  access: FaultAccess,
): FaultOutcome {
  if (address < 0) return FaultOutcome.SegvMapErr;
  const area = areas.find(address);
  if (area === undefined) return FaultOutcome.SegvMapErr;
  if (!allows(area.protection, access)) return FaultOutcome.SegvAccErr;
  return makeAccessible(parts, pages, area, address, access);
}

/** The same for an access that the area need not allow: what a debugger's access does. */
export function makeAccessible(
  parts: SpaceParts,
  pages: SpacePages,
  area: Area,
  address: number,
  access: FaultAccess,
): FaultOutcome {
  const entry = pages.entry(address);
  if ((entry & PageEntry.Swapped) !== 0) return FaultOutcome.Major;
  if ((entry & PageEntry.Present) === 0) return demand(parts, pages, area, address, access);
  if (access !== FaultAccess.Write || (entry & PageEntry.CopyOnWrite) === 0)
    return FaultOutcome.None;
  if (pages.isExclusive(entry)) {
    pages.reclaim(address, area);
    return FaultOutcome.Minor;
  }
  if (!pages.copy(address, area)) return FaultOutcome.OutOfMemory;
  return entryFrame(entry) === ZERO_FRAME ? FaultOutcome.Minor : FaultOutcome.CopyOnWrite;
}

/** As on x86, what may be written or executed may be read. */
function allows(protection: number, access: FaultAccess): boolean {
  if (access === FaultAccess.Read) return protection !== Protection.None;
  return (
    (protection & (access === FaultAccess.Write ? Protection.Write : Protection.Execute)) !== 0
  );
}

function demand(
  parts: SpaceParts,
  pages: SpacePages,
  area: Area,
  address: number,
  access: FaultAccess,
): FaultOutcome {
  switch (area.kind) {
    case AreaKind.Anonymous:
      return demandZero(parts, pages, area, address, access);
    case AreaKind.Object:
      return demandObject(parts, pages, area, address, access);
    case AreaKind.Text: {
      const first = parts.text.physical >>> PAGE_SHIFT;
      pages.map(address, first + ((address - area.start) >>> PAGE_SHIFT), area, PageEntry.Backed);
      return FaultOutcome.Minor;
    }
  }
}

function demandZero(
  parts: SpaceParts,
  pages: SpacePages,
  area: Area,
  address: number,
  access: FaultAccess,
): FaultOutcome {
  const { memory } = parts;
  const write = access === FaultAccess.Write;
  // Shadow state is kept per frame: with it, pages that were only read do not share one.
  if (!write && memory.observer === undefined) {
    pages.map(address, ZERO_FRAME, area, PageEntry.CopyOnWrite);
    return FaultOutcome.Minor;
  }
  const frame = memory.allocateZeroed();
  if (frame < 0) return FaultOutcome.OutOfMemory;
  pages.map(address, frame, area, write ? 0 : PageEntry.CopyOnWrite);
  return FaultOutcome.Minor;
}

function demandObject(
  parts: SpaceParts,
  pages: SpacePages,
  area: Area,
  address: number,
  access: FaultAccess,
): FaultOutcome {
  const { objects, memory } = parts;
  const object = area.object!;
  const page = (area.offset + address - area.start) >>> PAGE_SHIFT;
  if (!objects.contains(object, page)) return FaultOutcome.BusAdrErr;
  const frame = objects.frame(object, page);
  if (frame < 0) return frame === SWAPPED_OUT ? FaultOutcome.Major : FaultOutcome.OutOfMemory;
  memory.frames.retain(frame);
  const bits = area.shared ? PageEntry.Backed : PageEntry.Backed | PageEntry.CopyOnWrite;
  pages.map(address, frame, area, bits);
  if (area.shared || access !== FaultAccess.Write) return FaultOutcome.Minor;
  return pages.copy(address, area) ? FaultOutcome.CopyOnWrite : FaultOutcome.OutOfMemory;
}
