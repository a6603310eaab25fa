/**
 * Many FIFO lists of threads over two link words a thread; a thread is on at most one of them.
 *
 * `next` ends in -1, while `previous` of the first thread is the last one. So `next` alone says
 * what the order is, and appending finds the end without a word of its own a list.
 *
 * Invariant: `next` is -1 for a thread that is on no list (a canonical value for fingerprints).
 */
export class ThreadLists {
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;

  /**
   * @param heads one word a list, initially -1
   * @param next one word a thread, initially -1
   * @param previous one word a thread
   */
  constructor(heads: Int32Array, next: Int32Array, previous: Int32Array) {
    this.#heads = heads;
    this.#next = next;
    this.#previous = previous;
  }

  /** The first thread of a list, or -1. */
  first(list: number): number {
    return this.#heads[list]!;
  }

  /** The thread after this one on the same list, or -1. */
  following(thread: number): number {
    return this.#next[thread]!;
  }

  /** Whether the list has at least two threads. */
  hasSeveral(list: number): boolean {
    const head = this.#heads[list]!;
    return head >= 0 && this.#next[head]! >= 0;
  }

  /** Puts a thread that is on no list at the end of this one. */
  append(list: number, thread: number): void {
    const head = this.#heads[list]!;
    if (head < 0) {
      this.#heads[list] = thread;
      this.#previous[thread] = thread;
      return;
    }
    const last = this.#previous[head]!;
    this.#next[last] = thread;
    this.#previous[thread] = last;
    this.#previous[head] = thread;
  }

  /** Puts a thread that is on no list at the front of this one. */
  prepend(list: number, thread: number): void {
    const head = this.#heads[list]!;
    if (head < 0) {
      this.#previous[thread] = thread;
    } else {
      this.#next[thread] = head;
      this.#previous[thread] = this.#previous[head]!;
      this.#previous[head] = thread;
    }
    this.#heads[list] = thread;
  }

  /** Takes a thread off the list it is on, which the caller names. */
  remove(list: number, thread: number): void {
    const head = this.#heads[list]!;
    const next = this.#next[thread]!;
    const previous = this.#previous[thread]!;
    if (head === thread) {
      this.#heads[list] = next;
      if (next >= 0) this.#previous[next] = previous;
    } else {
      this.#next[previous] = next;
      if (next >= 0) this.#previous[next] = previous;
      else this.#previous[head] = previous;
    }
    this.#next[thread] = -1;
  }
}
