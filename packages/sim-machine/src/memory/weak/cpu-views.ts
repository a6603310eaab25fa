import { invariant } from '../../base/invariant.js';
import type { StateArena } from '../../base/state-arena.js';

/** Words that a CPU can have seen newer than its floor. */
const SEEN_CAPACITY = 32;

/**
 * How far each CPU may still look back into the timeline of writes.
 *
 * | of a CPU      | means                                                                       |
 * |---------------|-----------------------------------------------------------------------------|
 * | floor         | no load looks further back than this: fences and acquires raise it          |
 * | loaded        | the latest moment that any of its loads was satisfied at                    |
 * | stored        | when the last of its own stores became visible                              |
 * | seen (a word) | the write of the word that it saw last: reads of one word never go back      |
 *
 * Invariant: what is not later than the floor is not kept.
 */
export class CpuViews {
  readonly #floor: Int32Array;
  readonly #loaded: Int32Array;
  readonly #stored: Int32Array;
  readonly #seenCount: Int32Array;
  readonly #seenWord: Int32Array;
  readonly #seenMoment: Int32Array;

  /** @param cpus one more than the highest CPU id */
  constructor(arena: StateArena, cpus: number) {
    const column = (name: string, length: number): Int32Array =>
      arena.column(`memory.views.${name}`, length, 'accounting');
    this.#floor = column('floor', cpus);
    this.#loaded = column('loaded', cpus);
    this.#stored = column('stored', cpus);
    this.#seenCount = column('seenCount', cpus);
    this.#seenWord = column('seenWord', cpus * SEEN_CAPACITY);
    this.#seenMoment = column('seenMoment', cpus * SEEN_CAPACITY);
  }

  /** See the table. */
  floor(cpu: number): number {
    return this.#floor[cpu]!;
  }

  /** See the table; never before the floor. */
  loaded(cpu: number): number {
    return Math.max(this.#loaded[cpu]!, this.#floor[cpu]!);
  }

  /** See the table; never before the floor. */
  stored(cpu: number): number {
    return Math.max(this.#stored[cpu]!, this.#floor[cpu]!);
  }

  /** The latest write of any of the words that the CPU has seen; 0 when none is past the floor. */
  seen(cpu: number, first: number, last: number): number {
    const start = cpu * SEEN_CAPACITY;
    const end = start + this.#seenCount[cpu]!;
    let latest = 0;
    for (let at = start; at < end; at++) {
      const word = this.#seenWord[at]!;
      if (word >= first && word <= last) latest = Math.max(latest, this.#seenMoment[at]!);
    }
    return latest;
  }

  /** Calls `told` with every word that the CPU has seen newer than its floor, and the moment. */
  eachSeen(cpu: number, told: (word: number, moment: number) => void): void {
    const start = cpu * SEEN_CAPACITY;
    const end = start + this.#seenCount[cpu]!;
    for (let at = start; at < end; at++) told(this.#seenWord[at]!, this.#seenMoment[at]!);
  }

  /** A load of the CPU was satisfied at a moment. */
  load(cpu: number, moment: number): void {
    if (moment > this.#loaded[cpu]!) this.#loaded[cpu] = moment;
  }

  /** A store of the CPU became visible. */
  store(cpu: number, moment: number): void {
    this.#stored[cpu] = moment;
  }

  /** The CPU saw the write of a word that was made at a moment. */
  see(cpu: number, word: number, moment: number): void {
    if (moment <= this.#floor[cpu]!) return;
    const start = cpu * SEEN_CAPACITY;
    const end = start + this.#seenCount[cpu]!;
    for (let at = start; at < end; at++)
      if (this.#seenWord[at] === word) {
        if (moment > this.#seenMoment[at]!) this.#seenMoment[at] = moment;
        return;
      }
    if (end === start + SEEN_CAPACITY) {
      // No room: what the CPU saw first it may as well have been made to see by a fence.
      this.raise(
        cpu,
        this.#seenMoment.subarray(start, end).reduce((a, b) => Math.min(a, b)),
      );
      this.see(cpu, word, moment);
      return;
    }
    this.#seenWord[end] = word;
    this.#seenMoment[end] = moment;
    this.#seenCount[cpu]! += 1;
  }

  /** From now on no load of the CPU looks further back than `moment`. */
  raise(cpu: number, moment: number): void {
    if (moment <= this.#floor[cpu]!) return;
    this.#floor[cpu] = moment;
    const start = cpu * SEEN_CAPACITY;
    const end = start + this.#seenCount[cpu]!;
    let kept = start;
    for (let at = start; at < end; at++) {
      if (this.#seenMoment[at]! <= moment) continue;
      this.#seenWord[kept] = this.#seenWord[at]!;
      this.#seenMoment[kept++] = this.#seenMoment[at]!;
    }
    this.#seenCount[cpu] = kept - start;
    invariant(kept <= end, 'raising a floor adds nothing');
  }

  /** Begins anew, as moments do. */
  restart(): void {
    for (const column of [this.#floor, this.#loaded, this.#stored, this.#seenCount]) column.fill(0);
  }
}
