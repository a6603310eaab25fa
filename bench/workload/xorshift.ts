/** The generator that the C yardstick draws its schedule from: 32 bits of state, period 2^32 - 1. */
export class Xorshift {
  #state = 1;

  /** Starts over. @param seed int32; 0 stands for 1 */
  restart(seed: number): void {
    this.#state = seed | 0 || 1;
  }

  /** The next number, an int32. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x;
  }
}
