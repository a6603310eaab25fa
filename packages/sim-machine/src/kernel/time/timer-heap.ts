import { invariant } from '../../base/invariant.js';
import type { ColumnKind, SeldomUse, StateArena } from '../../base/state-arena.js';

/**
 * Timers by expiry: a binary heap in typed arrays.
 *
 * A timer is a small integer that somebody else gives a meaning. Arming and cancelling cost
 * O(log armed), the earliest is found at once. Timers that expire in the same cycle do so in the
 * order in which they were armed.
 *
 * That a timer is armed is semantic, unless somebody else's state says it as well; when it expires
 * is not, since a search lets it expire at any time.
 *
 * Invariant: `position[heap[i]] = i` for every i below the count, and -1 for every other timer.
 */
export class TimerHeap {
  readonly #armed: Int32Array;
  readonly #heap: Int32Array;
  readonly #position: Int32Array;
  readonly #cpu: Int32Array;
  readonly #size: Int32Array;
  readonly #expiryCycles: Float64Array;
  readonly #order: Float64Array;
  readonly #use: SeldomUse = { isUsed: false };
  #armings = 0;

  /**
   * @param name begins the names of the columns
   * @param kind whether that a timer is armed tells states apart
   */
  constructor(arena: StateArena, name: string, capacity: number, kind: ColumnKind = 'semantic') {
    const column = (field: string, ofKind: ColumnKind, initial = 0): Int32Array =>
      arena.seldomColumn(this.#use, `${name}.${field}`, capacity, ofKind, initial);
    this.#armed = column('armed', kind);
    this.#heap = column('heap', 'accounting');
    this.#position = column('position', 'accounting', -1);
    this.#cpu = column('cpu', 'accounting');
    this.#size = arena.column(`${name}.size`, 1, 'accounting');
    this.#expiryCycles = new Float64Array(capacity);
    this.#order = new Float64Array(capacity);
  }

  /** How many timers are armed. */
  get size(): number {
    return this.#size[0]!;
  }

  /** The armed timer at an index below {@link size}; in no meaningful order but the first. */
  at(index: number): number {
    return this.#heap[index]!;
  }

  /** The timer that expires first, or -1. */
  earliest(): number {
    return this.#size[0] === 0 ? -1 : this.#heap[0]!;
  }

  /** Whether the timer is armed. */
  isArmed(timer: number): boolean {
    return this.#position[timer]! >= 0;
  }

  /** When the timer expires, or last did, in cycles. */
  expiryCycles(timer: number): number {
    return this.#expiryCycles[timer]!;
  }

  /** The CPU that the timer was armed on. */
  cpuOf(timer: number): number {
    return this.#cpu[timer]!;
  }

  /** Arms a timer that is not armed. */
  arm(timer: number, cpu: number, expiryCycles: number): void {
    invariant(this.#position[timer]! < 0, 'a timer was armed twice');
    this.#use.isUsed = true;
    this.#armed[timer] = 1;
    this.#cpu[timer] = cpu;
    this.#expiryCycles[timer] = expiryCycles;
    this.#order[timer] = this.#armings++;
    const index = this.#size[0]!;
    this.#size[0] = index + 1;
    this.#rise(index, timer);
  }

  /** Disarms a timer; one that is not armed stays as it is. */
  cancel(timer: number): void {
    const index = this.#position[timer]!;
    if (index < 0) return;
    this.#armed[timer] = 0;
    this.#position[timer] = -1;
    const last = this.#size[0]! - 1;
    this.#size[0] = last;
    const moved = this.#heap[last]!;
    if (moved === timer) return;
    this.#rise(index, moved);
    this.#sink(this.#position[moved]!, moved);
  }

  /** Hands every timer of a CPU to another one. */
  move(from: number, to: number): void {
    for (let index = 0; index < this.size; index++) {
      const timer = this.#heap[index]!;
      if (this.#cpu[timer] === from) this.#cpu[timer] = to;
    }
  }

  #before(a: number, b: number): boolean {
    const difference = this.#expiryCycles[a]! - this.#expiryCycles[b]!;
    return difference < 0 || (difference === 0 && this.#order[a]! < this.#order[b]!);
  }

  /** Puts a timer at an index or, where it comes before its parents, above. */
  #rise(start: number, timer: number): void {
    let index = start;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#heap[above]!;
      if (!this.#before(timer, parent)) break;
      this.#put(index, parent);
      index = above;
    }
    this.#put(index, timer);
  }

  /** Puts a timer at an index or, where a child comes before it, below. */
  #sink(start: number, timer: number): void {
    const size = this.#size[0]!;
    let index = start;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= size) break;
      if (below + 1 < size && this.#before(this.#heap[below + 1]!, this.#heap[below]!)) below += 1;
      const child = this.#heap[below]!;
      if (!this.#before(child, timer)) break;
      this.#put(index, child);
      index = below;
    }
    this.#put(index, timer);
  }

  #put(index: number, timer: number): void {
    this.#heap[index] = timer;
    this.#position[timer] = index;
  }
}
