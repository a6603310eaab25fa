/**
 * What is known of ranges of numbers: disjoint ranges [start, end), each with a value.
 *
 * Look-ups take O(log n) and allocate nothing.
 */
export class RangeMap<Value> {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #values: Value[] = [];

  /** How many ranges there are. */
  get count(): number {
    return this.#starts.length;
  }

  /** The index of the first range that ends above `position`; `count` when there is none. */
  indexFrom(position: number): number {
    const ends = this.#ends;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ends[middle]! > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** First position of the range at an index below `count`. */
  start(index: number): number {
    return this.#starts[index]!;
  }

  /** Position behind the last of the range at an index below `count`. */
  end(index: number): number {
    return this.#ends[index]!;
  }

  /** The value of the range at an index below `count`. */
  value(index: number): Value {
    return this.#values[index]!;
  }

  /** Whether a position lies in a range. */
  has(position: number): boolean {
    const index = this.indexFrom(position);
    return index < this.count && this.#starts[index]! <= position;
  }

  /** The value at a position. */
  get(position: number): Value | undefined {
    return this.has(position) ? this.#values[this.indexFrom(position)] : undefined;
  }

  /** Gives [start, end) a value, whatever was there before. */
  set(start: number, end: number, value: Value): void {
    this.delete(start, end);
    this.#insert(this.indexFrom(start), start, end, value);
  }

  /** Empties [start, end); what reaches beyond keeps its value there. */
  delete(start: number, end: number): void {
    let index = this.indexFrom(start);
    if (index < this.count && this.#starts[index]! < start) {
      const oldEnd = this.#ends[index]!;
      this.#ends[index] = start;
      index++;
      if (oldEnd > end) {
        this.#insert(index, end, oldEnd, this.#values[index - 1]!);
        return;
      }
    }
    let last = index;
    while (last < this.count && this.#ends[last]! <= end) last++;
    this.#starts.splice(index, last - index);
    this.#ends.splice(index, last - index);
    this.#values.splice(index, last - index);
    if (index < this.count && this.#starts[index]! < end) this.#starts[index] = end;
  }

  /** Empties the map. */
  clear(): void {
    this.#starts.length = 0;
    this.#ends.length = 0;
    this.#values.length = 0;
  }

  #insert(index: number, start: number, end: number, value: Value): void {
    this.#starts.splice(index, 0, start);
    this.#ends.splice(index, 0, end);
    this.#values.splice(index, 0, value);
  }
}
