import type { Operation, Thread } from '@rseqlab/sim-machine';
import { BLOCK_SHIFT, CounterOffset, PERIOD_SHIFT } from '../domain/domain-layout.js';
import { cpuOf } from '../domain/rcu-token.js';
import type { RcuToken } from '../domain/rcu-token.js';
import { isDead } from './process-life.js';
import { SlotOffset, countersOffset, slotOffset } from './region-layout.js';
import type { RegionShape } from './region-layout.js';

/** Both periods. */
const PERIODS = [0, 1] as const;

/**
 * The slots of a region: which process is counted where, and what becomes of the counts of one that
 * died.
 *
 * | call               | by                                | changes                     |
 * |--------------------|-----------------------------------|-----------------------------|
 * | `claim`, `release` | any process                       | the owner of a slot         |
 * | `adopt`            | the child, or its parent for it   | the owner of a kept slot    |
 * | `recover`          | who holds the grace-period lock   | slots of dead processes     |
 */
export class ProcessSlots {
  readonly #region: number;
  readonly #shape: RegionShape;

  constructor(region: number, shape: RegionShape) {
    this.#region = region;
    this.#shape = shape;
  }

  /** Takes a free slot for an owner, see {@link SlotOffset}; -1 when there is none. */
  *claim(t: Thread, owner: number): Operation<number> {
    for (let slot = 0; slot < this.#shape.slots; slot++) {
      const word = this.#ownerOf(slot);
      if ((yield* t.load(word)) === 0 && (yield* t.compareExchange(word, 0, owner)) === 0)
        return slot;
    }
    return -1;
  }

  /** Whether a process is in some slot. */
  *has(t: Thread, pid: number): Operation<boolean> {
    for (let slot = 0; slot < this.#shape.slots; slot++)
      if ((yield* t.load(this.#ownerOf(slot))) === pid) return true;
    return false;
  }

  /** Gives a slot back, in which nobody is counted. */
  *release(t: Thread, slot: number): Operation<void> {
    yield* t.exchange(this.#ownerOf(slot), 0);
  }

  /**
   * Gives a slot that was kept for a child to the child.
   *
   * @returns false when survivors of the parent have freed it before
   */
  *adopt(t: Thread, slot: number, parent: number, child: number): Operation<boolean> {
    const owner = yield* t.compareExchange(this.#ownerOf(slot), -parent, child);
    return owner === -parent || owner === child;
  }

  /** Counts open sections once more, in another slot: before the first count can be taken back. */
  *count(t: Thread, slot: number, sections: readonly RcuToken[]): Operation<void> {
    for (const token of sections)
      yield* t.fetchAdd(this.#counters(slot, cpuOf(token), token & 1) + CounterOffset.lock, 1);
  }

  /** Read sections of a slot that are open, for each period; nobody may enter or leave one meanwhile. */
  *open(t: Thread, slot: number): Operation<[number, number]> {
    const open: [number, number] = [0, 0];
    for (let cpu = 0; cpu < this.#shape.cpus; cpu++)
      for (const period of PERIODS) open[period] += yield* this.#missing(t, slot, cpu, period);
    return open;
  }

  /**
   * Frees the slots of dead processes: what they were in the middle of reading is over.
   *
   * The unlocks that a dead process owes are made in its place, as any reader on another CPU makes one.
   * So whoever sums up the counters at the same time, without the lock, sees an unlock only where its
   * lock is; counters that were set back to 0 would not do.
   *
   * @param own pid of the calling process, which is alive
   * @returns whether there were any
   */
  *recover(t: Thread, own: number): Operation<boolean> {
    let isAny = false;
    for (let slot = 0; slot < this.#shape.slots; slot++) {
      const owner = yield* t.load(this.#ownerOf(slot));
      const pid = Math.abs(owner);
      if (owner === 0 || pid === own || !(yield* isDead(t, pid))) continue;
      // The child that the slot is kept for may live: it cannot adopt the slot from here on.
      if (owner < 0 && (yield* t.compareExchange(this.#ownerOf(slot), owner, -own)) !== owner)
        continue;
      yield* this.#record(t, slot, pid);
      yield* this.unlockAll(t, slot);
      yield* this.release(t, slot);
      isAny = true;
    }
    return isAny;
  }

  /** Makes the unlocks that a slot owes. Whoever dies half way leaves the rest to the next. */
  *unlockAll(t: Thread, slot: number): Operation<void> {
    for (let cpu = 0; cpu < this.#shape.cpus; cpu++)
      for (const period of PERIODS) {
        const missing = yield* this.#missing(t, slot, cpu, period);
        if (missing !== 0)
          yield* t.fetchAdd(this.#counters(slot, cpu, period) + CounterOffset.unlock, missing);
      }
  }

  /** Addresses of all counters of a slot. */
  countersOf(slot: number): number[] {
    const first = this.#counters(slot, 0, 0);
    const words = this.#shape.cpus << (BLOCK_SHIFT - 2);
    return Array.from({ length: words }, (_, n) => first + 4 * n);
  }

  /** Notes who died and in how many sections; once, by the first who gets this far. */
  *#record(t: Thread, slot: number, pid: number): Operation<void> {
    const line = this.#region + slotOffset(slot);
    if ((yield* t.load(line + SlotOffset.deadOwner)) === pid) return;
    const open = yield* this.open(t, slot);
    for (const period of PERIODS) yield* t.store(line + SlotOffset.lost + 4 * period, open[period]);
    yield* t.store(line + SlotOffset.deadOwner, pid);
    yield* t.fetchAdd(line + SlotOffset.recoveries, 1);
  }

  *#missing(t: Thread, slot: number, cpu: number, period: number): Operation<number> {
    const at = this.#counters(slot, cpu, period);
    const locks =
      (yield* t.load(at + CounterOffset.lock)) + (yield* t.load(at + CounterOffset.rseqLock));
    const unlocks =
      (yield* t.load(at + CounterOffset.unlock)) + (yield* t.load(at + CounterOffset.rseqUnlock));
    return (locks - unlocks) | 0;
  }

  #ownerOf(slot: number): number {
    return this.#region + slotOffset(slot) + SlotOffset.owner;
  }

  #counters(slot: number, cpu: number, period: number): number {
    const first = this.#region + countersOffset(this.#shape, slot);
    return first + (cpu << BLOCK_SHIFT) + (period << PERIOD_SHIFT);
  }
}
