/** A small generator of pseudo-random integers; the same seed, the same sequence. */
export class Xorshift {
  #state: number;

  constructor(seed: number) {
    // 0 is the one state that it never leaves.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) || 1;
  }

  /** An integer from 0 up to below `limit`. */
  below(limit: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % limit;
  }
}
