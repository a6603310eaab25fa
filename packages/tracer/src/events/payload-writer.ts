const INITIAL_BYTES = 64;

/**
 * Lays fields out one behind the other, without gaps, as a trace has them.
 *
 * One that is reused gives out its words as a copy: a signal handler may record in between.
 */
export class PayloadWriter {
  #bytes = new Uint8Array(INITIAL_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Begins with an empty payload. */
  begin(): void {
    this.#length = 0;
  }

  /** Appends an integer of 8, 16 or 32 bits, signed or not. */
  integer(value: number, sizeBits: number): void {
    const at = this.#grow(sizeBits >> 3);
    if (sizeBits === 32) this.#view.setInt32(at, value, true);
    else if (sizeBits === 16) this.#view.setInt16(at, value, true);
    else this.#bytes[at] = value;
  }

  /** Appends an integer of 64 bits. */
  wide(value: bigint): void {
    this.#view.setBigUint64(this.#grow(8), BigInt.asUintN(64, value), true);
  }

  /** Appends a floating point number. */
  float(value: number, sizeBits: 32 | 64): void {
    const at = this.#grow(sizeBits >> 3);
    if (sizeBits === 32) this.#view.setFloat32(at, value, true);
    else this.#view.setFloat64(at, value, true);
  }

  /** Appends bytes and a zero byte. */
  text(bytes: Uint8Array): void {
    this.fixed(bytes, bytes.length + 1);
  }

  /** Appends as many bytes as said: the first ones, or all and zeros. */
  fixed(bytes: Uint8Array, length: number): void {
    const at = this.#grow(length);
    this.#bytes.fill(0, at, at + length);
    this.#bytes.set(bytes.subarray(0, length), at);
  }

  /** What was appended, as words; the last one is filled up with zeros. */
  words(): number[] {
    // Cheaper to make than a typed array, for the few words that there mostly are.
    const words: number[] = [];
    this.wordsInto(words);
    return words;
  }

  /** Has an array hold what `words` gives, and nothing else. */
  wordsInto(words: number[]): void {
    const count = (this.#length + 3) >> 2;
    if (this.#length < 4 * count)
      this.#bytes.fill(0, this.#length, this.#grow(count * 4 - this.#length) + 3);
    for (let n = 0; n < count; n++) words[n] = this.#view.getInt32(4 * n, true);
    if (words.length > count) words.length = count;
  }

  /** Makes room for some more bytes and returns where they are. */
  #grow(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length + 4 > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length + 4);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}
