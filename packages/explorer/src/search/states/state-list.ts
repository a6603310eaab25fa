/** States of a piece of a list. */
const PIECE_STATES = 256;

/** States in full, with their numbers: the last that comes in is the first that goes out. */
export class StateList {
  /** How many states are in the list. */
  length = 0;
  #width = 0;
  /** Each of as many words as its states have. */
  #pieces: Int32Array[] = [];
  #numbers = new Int32Array(PIECE_STATES);

  /** Adds a state. */
  push(state: number, words: Int32Array, width: number): void {
    if (width > this.#width) this.#widen(width);
    if (this.length === this.#numbers.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    const piece = (this.#pieces[Math.floor(this.length / PIECE_STATES)] ??= this.#piece());
    const start = (this.length % PIECE_STATES) * this.#width;
    for (let slot = 0; slot < width; slot++) piece[start + slot] = words[slot]!;
    this.#numbers[this.length] = state;
    this.length += 1;
  }

  /** Takes the last state out, writes it, and returns its number; the list is not empty. */
  pop(into: Int32Array, width: number): number {
    this.length -= 1;
    const piece = this.#pieces[Math.floor(this.length / PIECE_STATES)]!;
    const start = (this.length % PIECE_STATES) * this.#width;
    for (let slot = 0; slot < width; slot++) into[slot] = piece[start + slot]!;
    return this.#numbers[this.length]!;
  }

  /** Says what a new slot holds in all states of the list. */
  fill(slot: number, value: number): void {
    if (slot >= this.#width) this.#widen(slot + 1);
    for (const piece of this.#pieces)
      for (let at = slot; at < piece.length; at += this.#width) piece[at] = value;
  }

  #piece(): Int32Array {
    return new Int32Array(PIECE_STATES * this.#width);
  }

  #widen(width: number): void {
    const from = this.#width;
    this.#width = width;
    this.#pieces = this.#pieces.map((piece) => {
      const wider = this.#piece();
      for (let i = 0; i < PIECE_STATES; i++)
        wider.set(piece.subarray(i * from, (i + 1) * from), i * width);
      return wider;
    });
  }
}
