import { type AccessPlace, placeOf, type ThreadPlace, type ThreadPlaces } from './access-place.js';
import { RangeMap } from './range-map.js';
import type { ShadowAccess } from './shadow-access.js';

/** A block that was allocated, for reports. */
export interface BlockReport {
  /** Virtual address, unsigned. */
  readonly start: number;
  /** Size in bytes. */
  readonly size: number;
  /** Where it was allocated. */
  readonly allocated: ThreadPlace;
  /** Where it was freed, if it was. */
  readonly freed?: ThreadPlace;
}

/** An access to memory that nobody may access. */
export interface BadAccessFinding {
  readonly finding: 'use-after-free' | 'out-of-bounds' | 'use-of-poisoned';
  readonly access: AccessPlace;
  /** The freed block, or the one that was overrun; absent when there is none. */
  readonly block?: BlockReport;
  /** Where the memory was poisoned. */
  readonly poisoned?: ThreadPlace;
}

/** A free of what is not allocated. */
export interface BadFreeFinding {
  readonly finding: 'double-free' | 'invalid-free';
  /** Virtual address that was freed, unsigned. */
  readonly address: number;
  readonly place: ThreadPlace;
  /** The block, when it was freed before. */
  readonly block?: BlockReport;
}

/** What allocation shadow finds. */
export type AllocationFinding = BadAccessFinding | BadFreeFinding;

type State = 'unallocated' | 'allocated' | 'freed' | 'poisoned';

interface Block {
  state: State;
  readonly start: number;
  readonly end: number;
  readonly made: ThreadPlace;
  freed: ThreadPlace | undefined;
  /** The thread that overwrites it while it frees it, or NOBODY. */
  scrubber: number;
}

const NOBODY = -2;

/**
 * Knows which bytes an allocator has handed out, and finds accesses to others.
 *
 * Only what allocators declare is watched. Address spaces are apart: memory that two of them map is
 * watched in the one whose allocator declared it. The thread given to a call is the one that calls
 * the allocator; its address space is meant.
 */
export class AllocationShadow {
  readonly #places: ThreadPlaces;
  readonly #spaces = new Map<number, RangeMap<Block>>();
  readonly #findings: AllocationFinding[] = [];
  readonly #reported = new Set<string>();
  readonly #limit: number;

  /**
   * Made by {@link ShadowState}.
   *
   * @param limit findings to keep; at least 1
   * @internal
   */
  constructor(places: ThreadPlaces, limit = 100) {
    this.#places = places;
    this.#limit = limit;
  }

  /** What was found, in the order in which it happened. */
  get findings(): readonly AllocationFinding[] {
    return this.#findings;
  }

  /** Declares an arena: from now on its bytes must be allocated before they are accessed. */
  declareArena(thread: number, start: number, size: number): void {
    this.#declare(thread, start, size, 'unallocated');
  }

  /** Bytes are handed out; an access before this is out of bounds, one behind `free` a use after it. */
  allocate(thread: number, start: number, size: number): void {
    this.#declare(thread, start, size, 'allocated');
  }

  /**
   * The block that starts here is taken back.
   *
   * @param scrubs whether the thread may still overwrite it, until {@link scrubbed}
   * @returns false when there is no such block, or it was taken back before
   */
  free(thread: number, start: number, scrubs = false): boolean {
    const ranges = this.#ranges(thread);
    const address = start >>> 0;
    const block = ranges.get(address);
    const place = placeOf(this.#places, thread);
    if (block?.state !== 'allocated' || block.start !== address) {
      const again = block?.state === 'freed' && block.start === address;
      this.#add(
        again
          ? { finding: 'double-free', address, place, block: report(block) }
          : { finding: 'invalid-free', address, place },
      );
      return false;
    }
    block.state = 'freed';
    block.freed = place;
    if (scrubs) block.scrubber = thread;
    return true;
  }

  /** The thread that freed a block has overwritten it: now it may not access it either. */
  scrubbed(thread: number, start: number): void {
    const block = this.#ranges(thread).get(start >>> 0);
    if (block !== undefined) block.scrubber = NOBODY;
  }

  /** The block that starts here, handed out or freed; undefined without one. */
  blockAt(thread: number, start: number): BlockReport | undefined {
    const block = this.#ranges(thread).get(start >>> 0);
    const isBlock = block?.state === 'allocated' || block?.state === 'freed';
    return isBlock ? report(block) : undefined;
  }

  /** Forbids all access to bytes, allocated or not, until they are allocated or forgotten. */
  poison(thread: number, start: number, size: number): void {
    this.#declare(thread, start, size, 'poisoned');
  }

  /** Stops watching bytes: they were unmapped, or belong to nobody. */
  forget(thread: number, start: number, size: number): void {
    this.#ranges(thread).delete(start >>> 0, (start >>> 0) + size);
  }

  /** Looks at an access. @internal */
  access(access: ShadowAccess): void {
    const ranges = this.#spaces.get(access.space);
    if (ranges === undefined) return;
    const start = access.address >>> 0;
    const end = start + access.size;
    const first = ranges.indexFrom(start);
    for (let index = first; index < ranges.count && ranges.start(index) < end; index++) {
      const block = ranges.value(index);
      if (block.scrubber === access.thread) continue;
      if (block.state !== 'allocated') this.#reportAccess(access, block, ranges, index);
      else if (index > first) this.#overrun(access, ranges.value(first));
      else continue;
      return;
    }
  }

  /** Stops watching an address space, which is torn down or starts over. */
  forgetSpace(space: number): void {
    this.#spaces.delete(space);
  }

  /** Forgets everything. */
  reset(): void {
    this.#spaces.clear();
    this.#findings.length = 0;
    this.#reported.clear();
  }

  #declare(thread: number, start: number, size: number, state: State): void {
    const first = start >>> 0;
    // A block of no bytes still has a start, which is freed.
    const end = first + Math.max(size, 1);
    const made = placeOf(this.#places, thread);
    const block: Block = {
      state,
      start: first,
      end,
      made,
      freed: undefined,
      scrubber: NOBODY,
    };
    this.#ranges(thread).set(first, end, block);
  }

  #ranges(thread: number): RangeMap<Block> {
    const space = this.#places.space(thread);
    let ranges = this.#spaces.get(space);
    if (ranges === undefined) {
      ranges = new RangeMap();
      this.#spaces.set(space, ranges);
    }
    return ranges;
  }

  #reportAccess(access: ShadowAccess, block: Block, ranges: RangeMap<Block>, index: number): void {
    if (block.state === 'freed') {
      this.#addAccess({ finding: 'use-after-free', access: access.place(), block: report(block) });
    } else if (block.state === 'poisoned') {
      const finding = 'use-of-poisoned';
      this.#addAccess({ finding, access: access.place(), poisoned: block.made });
    } else {
      const before = index > 0 ? ranges.value(index - 1) : undefined;
      this.#overrun(access, before?.state === 'allocated' ? before : undefined);
    }
  }

  #overrun(access: ShadowAccess, block: Block | undefined): void {
    const place = access.place();
    this.#addAccess(
      block === undefined
        ? { finding: 'out-of-bounds', access: place }
        : { finding: 'out-of-bounds', access: place, block: report(block) },
    );
  }

  /** Each instruction is reported once a block. */
  #addAccess(finding: BadAccessFinding): void {
    const where = finding.block?.start ?? finding.access.address;
    const key = `${finding.finding} ${finding.access.ip} ${where}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.#add(finding);
  }

  #add(finding: AllocationFinding): void {
    if (this.#findings.length < this.#limit) this.#findings.push(finding);
  }
}

function report(block: Block): BlockReport {
  const size = block.end - block.start;
  const known = { start: block.start, size, allocated: block.made };
  return block.freed === undefined ? known : { ...known, freed: block.freed };
}
