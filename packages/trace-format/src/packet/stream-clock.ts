/**
 * The time of a stream in cycles, 64 bits in two words, as events bring it forward.
 *
 * Most events carry only the lowest bits of their time: what is smaller than those of the time before
 * has wrapped, once.
 *
 * @source CTF 1.8, 8
 */
export class StreamClock {
  /** Lowest 32 bits, unsigned. */
  low = 0;
  /** Highest 32 bits, unsigned. */
  high = 0;

  /** The time as one number. */
  get cycles(): bigint {
    return (BigInt(this.high) << 32n) | BigInt(this.low);
  }

  /** Sets the whole time. */
  set(low: number, high: number): void {
    this.low = low;
    this.high = high;
  }

  /** Goes on to the next time that has these lowest bits. @param bits 1 to 64 */
  advance(bits: number, low: number, high: number): void {
    if (bits >= 64) {
      this.set(low, high);
    } else if (bits > 32) {
      this.#advanceHigh(2 ** (bits - 32), low, high);
    } else {
      const before = bits === 32 ? this.low : this.low & ((1 << bits) - 1);
      let next = this.low - before + low;
      if (low < before) next += bits === 32 ? 0x100000000 : (1 << bits) >>> 0;
      if (next >= 0x100000000) {
        next -= 0x100000000;
        this.high = (this.high + 1) >>> 0;
      }
      this.low = next;
    }
  }

  #advanceHigh(range: number, low: number, high: number): void {
    const before = this.high % range;
    const base = this.high - before;
    const hasWrapped = high < before || (high === before && low < this.low);
    this.high = (base + high + (hasWrapped ? range : 0)) >>> 0;
    this.low = low;
  }
}
