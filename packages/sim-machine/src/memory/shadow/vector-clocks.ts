/**
 * Vector clocks: rows of one counter a thread, in one array that grows with threads and rows.
 *
 * @source Mattern, "Virtual Time and Global States of Distributed Systems", 1989
 */
export class VectorClocks {
  #stride = 8;
  #words = new Int32Array(8 * 32);
  #rows = 0;
  /** Counters in use: one more than the highest thread seen. */
  #threads = 0;

  /** A row of zeros. */
  create(): number {
    const row = this.#rows++;
    if (this.#rows * this.#stride > this.#words.length)
      this.#resize(this.#stride, this.#words.length * 2);
    return row;
  }

  /** Makes room for a thread's counter in every row. */
  include(thread: number): void {
    if (thread < this.#threads) return;
    this.#threads = thread + 1;
    let stride = this.#stride;
    while (stride <= thread) stride *= 2;
    if (stride !== this.#stride) this.#resize(stride, this.#words.length * (stride / this.#stride));
  }

  /** A counter of a row. */
  get(row: number, thread: number): number {
    return this.#words[row * this.#stride + thread]!;
  }

  /** Counts up a counter of a row. */
  increment(row: number, thread: number): void {
    this.#words[row * this.#stride + thread]!++;
  }

  /** Raises every counter of a row to that of another where it is lower. */
  join(row: number, other: number): void {
    const words = this.#words;
    const target = row * this.#stride;
    const source = other * this.#stride;
    for (let thread = 0; thread < this.#threads; thread++) {
      const value = words[source + thread]!;
      if (value > words[target + thread]!) words[target + thread] = value;
    }
  }

  /** Makes a row equal to another. */
  copy(row: number, other: number): void {
    const source = other * this.#stride;
    this.#words.copyWithin(row * this.#stride, source, source + this.#threads);
  }

  /** All counters of a row zero. */
  clear(row: number): void {
    const first = row * this.#stride;
    this.#words.fill(0, first, first + this.#threads);
  }

  /** No rows, no threads. */
  reset(): void {
    this.#words.fill(0, 0, this.#rows * this.#stride);
    this.#rows = 0;
    this.#threads = 0;
  }

  #resize(stride: number, length: number): void {
    const larger = new Int32Array(length);
    for (let row = 0; row < this.#rows; row++) {
      const first = row * this.#stride;
      const end = Math.min(first + this.#stride, this.#words.length);
      larger.set(this.#words.subarray(first, end), row * stride);
    }
    this.#stride = stride;
    this.#words = larger;
  }
}
