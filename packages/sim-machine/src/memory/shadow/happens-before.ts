import { DenseIndex } from './dense-index.js';
import { grownFor } from './grown-array.js';
import { VectorClocks } from './vector-clocks.js';

/** Rows of a thread: what it knows, what it published by a fence, what a fence would make known. */
const ROWS_PER_THREAD = 3;
const RELEASE_FENCE = 1;
const ACQUIRE_FENCE = 2;

/**
 * The order that synchronisation makes between threads, as vector clocks.
 *
 * Edges come from acquire and release on words and on objects (locks, thread starts and ends), and
 * from fences around marked accesses, by the rules of C11. Slots of threads that ended are counted
 * on by their successors, as one thread.
 *
 * @source ISO C11 5.1.2.4, 7.17.4; Flanagan and Freund, "FastTrack", 2009
 */
export class HappensBefore {
  readonly #clocks = new VectorClocks();
  /** Per thread: its first row plus 1; 0 for a thread not seen yet. */
  #threads = new Int32Array(16);
  #highest = -1;
  readonly #words = new DenseIndex();
  /** Per word index: row of the clock that an acquire of the word obtains, plus 1. */
  #wordRows = new Int32Array(64);
  readonly #objects = new DenseIndex();
  #objectRows = new Int32Array(16);

  /** The thread's time: what another has to know to come after its present access. */
  epoch(thread: number): number {
    return this.#clocks.get(this.#row(thread), thread);
  }

  /** Whether a thread's access at `epoch` comes before what `observer` does now. */
  isOrdered(thread: number, epoch: number, observer: number): boolean {
    return epoch <= this.#clocks.get(this.#row(observer), thread);
  }

  /** The thread learns what was released to the object. */
  acquire(thread: number, object: number): void {
    const index = this.#objects.get(object);
    if (index >= 0) this.#clocks.join(this.#row(thread), this.#objectRows[index]! - 1);
  }

  /** The object is given all that the thread knows. */
  release(thread: number, object: number): void {
    const row = this.#row(thread);
    const index = this.#objects.add(object);
    this.#objectRows = grownFor(this.#objectRows, index);
    if (this.#objectRows[index] === 0) this.#objectRows[index] = this.#clocks.create() + 1;
    this.#clocks.join(this.#objectRows[index]! - 1, row);
    this.#clocks.increment(row, thread);
  }

  /** All that `from` did so far comes before all that `to` does from now on. */
  order(from: number, to: number): void {
    const source = this.#row(from);
    this.#clocks.join(this.#row(to), source);
    this.#clocks.increment(source, from);
  }

  /** A marked load of the word. */
  loaded(thread: number, word: number, acquire: boolean): void {
    const row = this.#row(thread);
    const index = this.#words.get(word);
    if (index < 0 || this.#wordRows[index] === 0) return;
    this.#clocks.join(acquire ? row : row + ACQUIRE_FENCE, this.#wordRows[index]! - 1);
  }

  /** A store to the word; who acquires it from now on learns what this store publishes. */
  stored(thread: number, word: number, release: boolean, marked: boolean): void {
    const row = this.#row(thread);
    if (!release && !marked && this.#words.get(word) < 0) return;
    const clock = this.#wordRow(word);
    if (release) {
      this.#clocks.copy(clock, row);
      this.#clocks.increment(row, thread);
    } else if (marked) this.#clocks.copy(clock, row + RELEASE_FENCE);
    else this.#clocks.clear(clock);
  }

  /** An atomic update of the word: acquire and release, a full fence, part of a release sequence. */
  updated(thread: number, word: number): void {
    const row = this.#row(thread);
    const clock = this.#wordRow(word);
    this.#clocks.join(row, clock);
    this.#clocks.join(row, row + ACQUIRE_FENCE);
    this.#clocks.join(clock, row);
    this.fence(thread, false, true);
  }

  /** A fence that makes known what marked loads saw, or publishes by the marked stores that follow. */
  fence(thread: number, acquire: boolean, release: boolean): void {
    const row = this.#row(thread);
    if (acquire) this.#clocks.join(row, row + ACQUIRE_FENCE);
    if (!release) return;
    this.#clocks.copy(row + RELEASE_FENCE, row);
    this.#clocks.increment(row, thread);
  }

  /** A word now stands where another stood. */
  moveWord(from: number, to: number): void {
    const index = this.#words.get(from);
    if (index < 0 || this.#wordRows[index] === 0) return;
    const source = this.#wordRows[index]! - 1;
    this.#clocks.copy(this.#wordRow(to), source);
  }

  /** The word is gone. */
  forgetWord(word: number): void {
    const index = this.#words.get(word);
    if (index >= 0 && this.#wordRows[index] !== 0) this.#clocks.clear(this.#wordRows[index]! - 1);
  }

  /** No thread knows anything. */
  reset(): void {
    this.#wordRows.fill(0, 0, this.#words.count);
    this.#objectRows.fill(0, 0, this.#objects.count);
    this.#threads.fill(0, 0, this.#highest + 1);
    this.#highest = -1;
    this.#words.reset();
    this.#objects.reset();
    this.#clocks.reset();
  }

  #row(thread: number): number {
    const known = thread <= this.#highest ? this.#threads[thread]! : 0;
    return known === 0 ? this.#begin(thread) : known - 1;
  }

  #begin(thread: number): number {
    if (thread > this.#highest) this.#highest = thread;
    this.#clocks.include(thread);
    this.#threads = grownFor(this.#threads, thread);
    const row = this.#clocks.create();
    for (let extra = 1; extra < ROWS_PER_THREAD; extra++) this.#clocks.create();
    this.#threads[thread] = row + 1;
    this.#clocks.increment(row, thread);
    return row;
  }

  #wordRow(word: number): number {
    const index = this.#words.add(word);
    this.#wordRows = grownFor(this.#wordRows, index);
    if (this.#wordRows[index] === 0) this.#wordRows[index] = this.#clocks.create() + 1;
    return this.#wordRows[index]! - 1;
  }
}
