const INITIAL_STATES = 64;
const INITIAL_WIDTH = 32;

/** States in full, one behind the other, with their numbers. */
export class StateList {
  #width = INITIAL_WIDTH;
  #words = new Int32Array(INITIAL_STATES * INITIAL_WIDTH);
  readonly #numbers: number[] = [];

  /** How many states are in the list. */
  get length(): number {
    return this.#numbers.length;
  }

  /** Adds a state. */
  push(state: number, words: Int32Array, width: number): void {
    if (width > this.#width) this.#widen(width);
    const at = this.#numbers.push(state) * this.#width;
    if (at > this.#words.length) {
      const larger = new Int32Array(this.#words.length * 2);
      larger.set(this.#words);
      this.#words = larger;
    }
    for (let slot = 0; slot < width; slot++) this.#words[at - this.#width + slot] = words[slot]!;
  }

  /** Takes the last state out, writes it, and returns its number; the list is not empty. */
  pop(into: Int32Array, width: number): number {
    const start = (this.#numbers.length - 1) * this.#width;
    for (let slot = 0; slot < width; slot++) into[slot] = this.#words[start + slot]!;
    return this.#numbers.pop()!;
  }

  /** Says what a new slot holds in all states of the list. */
  fill(slot: number, value: number): void {
    if (slot >= this.#width) this.#widen(slot + 1);
    for (let i = 0; i < this.#numbers.length; i++) this.#words[i * this.#width + slot] = value;
  }

  #widen(width: number): void {
    const wider = Math.max(width, this.#width * 2);
    const words = new Int32Array((this.#words.length / this.#width) * wider);
    for (let i = 0; i < this.#numbers.length; i++)
      words.set(this.#words.subarray(i * this.#width, (i + 1) * this.#width), i * wider);
    this.#words = words;
    this.#width = wider;
  }
}
