import type { StateArena } from '../../base/state-arena.js';
import { PAGE_SHIFT } from '../page.js';
import { StoreBuffers } from '../store-buffers.js';

/** What has to be visible before a buffered store may be; flags. */
const Waits = {
  /** For an older store to the same bytes only. */
  Plain: 0,
  /** A release: for all older stores. */
  Release: 1,
  /** A write fence stands before it: so do all younger stores wait for all older ones. */
  Fenced: 2,
} as const;

const WAITS = 0;
const MOMENT = 1;

/**
 * The stores of every CPU that are not visible yet, which may become so in any order but for what a
 * store waits for.
 *
 * Invariant: the oldest store waits for nothing, and has no flags that say so.
 */
export class UnorderedBuffers {
  /** The stores in the order of execution. */
  readonly stores: StoreBuffers;
  /** Per CPU: whether a write fence came after the youngest store. */
  readonly #isFenced: Int32Array;

  /**
   * @param cpus one more than the highest CPU id
   * @param capacity stores that a CPU can buffer
   */
  constructor(arena: StateArena, cpus: number, capacity: number) {
    this.stores = new StoreBuffers(arena, cpus, capacity, 2, 'accounting');
    this.#isFenced = arena.column('memory.storeBuffer.fenced', cpus, 'accounting');
  }

  /** Marks the youngest store, just pushed. @param moment of what it stores, or where */
  pushed(cpu: number, isRelease: boolean, moment: number): void {
    const index = this.stores.count(cpu) - 1;
    const fenced = this.#isFenced[cpu] === 1 ? Waits.Fenced : Waits.Plain;
    const release = isRelease ? Waits.Release : Waits.Plain;
    this.stores.setAdded(cpu, index, WAITS, index === 0 ? Waits.Plain : fenced | release);
    this.stores.setAdded(cpu, index, MOMENT, moment);
    this.#isFenced[cpu] = 0;
  }

  /** Keeps the stores so far from those that come. */
  fence(cpu: number): void {
    if (this.stores.count(cpu) > 0) this.#isFenced[cpu] = 1;
  }

  /** Whether a write fence came after the youngest store. */
  isFenced(cpu: number): boolean {
    return this.#isFenced[cpu] === 1;
  }

  /** What a store waits for, as one number. */
  waitsOf(cpu: number, index: number): number {
    return this.stores.added(cpu, index, WAITS);
  }

  /** The moment of what is stored, or where: see {@link AccessViews}. */
  momentOf(cpu: number, index: number): number {
    return this.stores.added(cpu, index, MOMENT);
  }

  /** Whether a store may become visible now. */
  mayDrain(cpu: number, index: number): boolean {
    const { stores } = this;
    if (index < 0 || index >= stores.count(cpu)) return false;
    if ((this.waitsOf(cpu, index) & Waits.Release) !== 0) return false;
    const start = stores.physical(cpu, index);
    const end = start + stores.size(cpu, index);
    for (let older = 0; older < index; older++) {
      if ((this.waitsOf(cpu, older + 1) & Waits.Fenced) !== 0) return false;
      const olderStart = stores.physical(cpu, older);
      if (olderStart < end && olderStart + stores.size(cpu, older) > start) return false;
    }
    return true;
  }

  /** Whether any store of the CPU is to a frame. */
  touch(cpu: number, frame: number): boolean {
    for (let index = this.stores.count(cpu) - 1; index >= 0; index--)
      if (this.stores.physical(cpu, index) >>> PAGE_SHIFT === frame) return true;
    return false;
  }

  /** Drops a store that is visible now. */
  remove(cpu: number, index: number): void {
    this.stores.remove(cpu, index, 1);
    if (this.stores.count(cpu) === 0) this.#isFenced[cpu] = 0;
    else this.stores.setAdded(cpu, 0, WAITS, Waits.Plain);
  }

  /** Forgets all moments, as they are counted anew. */
  restart(cpus: number): void {
    for (let cpu = 0; cpu < cpus; cpu++)
      for (let index = 0; index < this.stores.count(cpu); index++)
        this.stores.setAdded(cpu, index, MOMENT, 0);
  }
}
