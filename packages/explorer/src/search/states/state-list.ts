import type { MovingState } from './moving-state.js';

/** So few that lists grow before V8 takes them for constants: see docs/decisions/0084. */
const INITIAL_STATES = 1 << 2;

/** A state's own number, and three of its parts. */
const FIELDS = 4;

/** States with their numbers: the last that comes in is the first that goes out. */
export class StateList {
  /** How many states are in the list. */
  length = 0;
  readonly #stride: number;
  #fields: Int32Array;

  /** @param threads how many there are */
  constructor(threads: number) {
    this.#stride = FIELDS + threads;
    this.#fields = new Int32Array(INITIAL_STATES * this.#stride);
  }

  /** Adds a state. */
  push(number: number, { kernel, entries, memory, threads }: MovingState): void {
    const first = this.length * this.#stride;
    if (first === this.#fields.length) {
      const larger = new Int32Array(first * 2);
      larger.set(this.#fields);
      this.#fields = larger;
    }
    const fields = this.#fields;
    fields[first] = number;
    fields[first + 1] = kernel;
    fields[first + 2] = entries;
    fields[first + 3] = memory;
    for (let i = 0; i < threads.length; i++) fields[first + FIELDS + i] = threads[i]!;
    this.length += 1;
  }

  /** Takes the last state out, enters it, and returns its number; the list is not empty. */
  pop(into: MovingState): number {
    this.length -= 1;
    return this.enter(this.length, into);
  }

  /** Enters a state by its place in the list, and returns its number. */
  enter(place: number, into: MovingState): number {
    const first = place * this.#stride;
    const fields = this.#fields;
    into.kernel = fields[first + 1]!;
    into.entries = fields[first + 2]!;
    into.memory = fields[first + 3]!;
    const { threads } = into;
    for (let i = 0; i < threads.length; i++) threads[i] = fields[first + FIELDS + i]!;
    return fields[first]!;
  }

  /** Takes so many states out that came in first. */
  dropFirst(count: number): void {
    this.#fields.copyWithin(0, count * this.#stride, this.length * this.#stride);
    this.length -= count;
  }
}
