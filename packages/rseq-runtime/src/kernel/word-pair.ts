/** A 64-bit value as two int32 words, changed in place. */
export class WordPair {
  low = 0;
  high = 0;

  /** Replaces both words. */
  set(low: number, high: number): void {
    this.low = low | 0;
    this.high = high | 0;
  }

  /** Adds, wrapping at 64 bits. */
  add(low: number, high: number): void {
    const sum = (this.low + low) | 0;
    const carry = sum >>> 0 < low >>> 0 ? 1 : 0;
    this.set(sum, this.high + high + carry);
  }

  /** Subtracts, wrapping at 64 bits. */
  subtract(low: number, high: number): void {
    const borrow = this.low >>> 0 < low >>> 0 ? 1 : 0;
    this.set(this.low - low, this.high - high - borrow);
  }

  /** Ors bit by bit. */
  or(low: number, high: number): void {
    this.set(this.low | low, this.high | high);
  }

  /** Ands bit by bit. */
  and(low: number, high: number): void {
    this.set(this.low & low, this.high & high);
  }

  /** Exclusive-ors bit by bit. */
  xor(low: number, high: number): void {
    this.set(this.low ^ low, this.high ^ high);
  }

  /** Shifts left by 0 to 63 bits. */
  shiftLeft(bits: number): void {
    if (bits >= 32) this.set(0, this.low << (bits - 32));
    else if (bits > 0) this.set(this.low << bits, (this.high << bits) | (this.low >>> (32 - bits)));
  }

  /** Shifts right by 0 to 63 bits, zeros coming in. */
  shiftRight(bits: number): void {
    if (bits >= 32) this.set(this.high >>> (bits - 32), 0);
    else if (bits > 0)
      this.set((this.low >>> bits) | (this.high << (32 - bits)), this.high >>> bits);
  }
}
