import type { AreaList } from './area-list.js';
import { MMAP_MIN_ADDRESS, MMAP_TOP } from './user-layout.js';

/**
 * Finds the highest free range below MMAP_TOP: where Linux, too, puts a mapping top-down.
 *
 * It remembers up to where it last went, and the largest gap that was too small above, so that
 * mapping many thread stacks does not look at all of them again for each.
 *
 * @source arch_get_unmapped_area_topdown, mm/mmap.c
 */
export class GapSearch {
  /** Invariant: every gap that begins at or above lies within `#largestSkipped` bytes. */
  #ceiling = MMAP_TOP;
  #largestSkipped = 0;

  /**
   * The start of the highest gap of `lengthBytes`, aligned to its end; -1 when there is none.
   *
   * @param lengthBytes a positive multiple of 4096
   */
  find(areas: AreaList, lengthBytes: number): number {
    if (lengthBytes <= this.#largestSkipped) this.reset();
    let ceiling = this.#ceiling;
    let skipped = this.#largestSkipped;
    let index = areas.indexFrom(ceiling);
    if (index < areas.count && areas.at(index).start < ceiling) ceiling = areas.at(index).start;
    while (ceiling > MMAP_MIN_ADDRESS) {
      const floor =
        index > 0 ? Math.max(areas.at(index - 1).end, MMAP_MIN_ADDRESS) : MMAP_MIN_ADDRESS;
      const gap = ceiling - floor;
      if (gap >= lengthBytes) {
        this.#ceiling = ceiling - lengthBytes;
        this.#largestSkipped = skipped;
        return this.#ceiling;
      }
      if (gap > skipped) skipped = gap;
      if (index === 0) break;
      index--;
      ceiling = areas.at(index).start;
    }
    return -1;
  }

  /** Takes note that a range which ends at `end` is free now. */
  freed(end: number): void {
    if (end > this.#ceiling) this.reset();
  }

  /** Forgets what it remembers. */
  reset(): void {
    this.#ceiling = MMAP_TOP;
    this.#largestSkipped = 0;
  }
}
