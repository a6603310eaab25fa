import type { StateArena } from '../../base/state-arena.js';

/** What is known of a timer of a program, but times; a free slot is all 0. */
export const TimerField = {
  /** One more than the process that made the timer. */
  Owner: 0,
  /** A `ClockId`. */
  Clock: 1,
  /** A `SigeventNotify`. */
  Notify: 2,
  Signal: 3,
  Value: 4,
  /** The tid that a ThreadId timer notifies. */
  Tid: 5,
  /** 1 while the timer has a next expiration; it is armed, unless nobody is notified. */
  Active: 6,
} as const;

/** One of {@link TimerField}. */
export type TimerField = (typeof TimerField)[keyof typeof TimerField];

const FIELDS = 7;

/**
 * The timers that programs made, as words.
 *
 * Most programs make none, so the words are not columns of the arena, which are looked at for every
 * state of a search; it holds two sums over hashes of all words that are not 0.
 */
export class TimerRecords {
  /** How many timers there can be. */
  readonly capacity: number;
  readonly #words: Int32Array;
  readonly #sums: Int32Array;
  #count = 0;

  constructor(arena: StateArena, capacity: number) {
    this.capacity = capacity;
    this.#words = new Int32Array(capacity * FIELDS);
    this.#sums = arena.column('posixTimer.sums', 2, 'semantic');
  }

  /** How many timers there are. */
  get count(): number {
    return this.#count;
  }

  /** Forgets all timers; the arena resets the sums. */
  reset(): void {
    if (this.#count > 0) this.#words.fill(0);
    this.#count = 0;
  }

  /** A slot that holds no timer, or -1. */
  freeSlot(): number {
    for (let id = 0; id < this.capacity; id++)
      if (this.#words[id * FIELDS + TimerField.Owner] === 0) return id;
    return -1;
  }

  /** A field of a timer. */
  get(id: number, field: TimerField): number {
    return this.#words[id * FIELDS + field]!;
  }

  /** Replaces a field of a timer. */
  set(id: number, field: TimerField, value: number): void {
    const index = id * FIELDS + field;
    const old = this.#words[index]!;
    if (old === value) return;
    if (field === TimerField.Owner) this.#count += (value === 0 ? 0 : 1) - (old === 0 ? 0 : 1);
    this.#words[index] = value;
    const sums = this.#sums;
    sums[0] = sums[0]! + hash(index, value, 0x9e3779b1) - hash(index, old, 0x9e3779b1);
    sums[1] = sums[1]! + hash(index, value, 0x85ebca77) - hash(index, old, 0x85ebca77);
  }

  /** Makes a slot free. */
  clear(id: number): void {
    for (const field of Object.values(TimerField)) this.set(id, field, 0);
  }
}

/** @source the finalizer of MurmurHash3 */
function hash(index: number, value: number, prime: number): number {
  if (value === 0) return 0;
  let bits = Math.imul(value ^ Math.imul(index + 1, 0x27d4eb2f), prime);
  bits = Math.imul(bits ^ (bits >>> 15), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) | 0;
}
