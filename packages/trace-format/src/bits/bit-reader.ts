import { TraceFormatError } from '../trace-format-error.js';
import type { ByteOrder } from '../fields/field-type.js';
import { decodeUtf8 } from './utf8.js';

/**
 * Reads numbers of any number of bits out of a packet.
 *
 * Positions and limits are in bits from the packet's first. What lies behind the limit is refused with
 * `ERR_TRUNCATED`, whatever the buffer holds there.
 *
 * @source CTF 1.8, 4.1
 */
export class BitReader {
  /** Bit that is read next. */
  position = 0;
  /** The packet, for code that has checked the limit itself. */
  view: DataView = new DataView(new ArrayBuffer(0));
  #bytes: Uint8Array = new Uint8Array(0);
  #limit = 0;
  /** Upper 32 bits of the last integer that was read by {@link readWide}. */
  high = 0;

  /** Begins at the first bit of a packet. */
  reset(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limit = bytes.length * 8;
    this.position = 0;
  }

  /** First bit that may not be read. */
  get limit(): number {
    return this.#limit;
  }

  /** Sets the limit: the content size of the packet, once it is known. */
  set limit(bits: number) {
    this.#limit = Math.min(bits, this.#bytes.length * 8);
  }

  /** Goes on to the next multiple of an alignment, which is a power of two. */
  align(bits: number): void {
    const rest = this.position & (bits - 1);
    if (rest !== 0) this.position += bits - rest;
  }

  /** Reads an unsigned integer of 1 to 32 bits. */
  readUnsigned(bits: number, order: ByteOrder): number {
    const at = this.position;
    this.#take(bits);
    if ((at & 7) === 0) {
      const byte = at / 8;
      const isLittle = order === 'le';
      if (bits === 32) return this.view.getUint32(byte, isLittle);
      if (bits === 8) return this.#bytes[byte]!;
      if (bits === 16) return this.view.getUint16(byte, isLittle);
    }
    const offset = at & 7;
    const byte = (at - offset) / 8;
    if (offset + bits > 32 || byte + 4 > this.#bytes.length)
      return order === 'le' ? this.#littleBits(at, bits) : this.#bigBits(at, bits);
    const unused = 32 - bits;
    return order === 'le'
      ? (this.view.getUint32(byte, true) << (unused - offset)) >>> unused
      : (this.view.getUint32(byte, false) << offset) >>> unused;
  }

  /** Reads an integer of up to 64 bits: returns its low 32 bits, unsigned, and leaves {@link high}. */
  readWide(bits: number, order: ByteOrder): number {
    if (bits <= 32) {
      this.high = 0;
      return this.readUnsigned(bits, order);
    }
    this.#expect(bits);
    if (order === 'le') {
      const low = this.readUnsigned(32, order);
      this.high = this.readUnsigned(bits - 32, order);
      return low;
    }
    this.high = this.readUnsigned(bits - 32, order);
    return this.readUnsigned(32, order);
  }

  /** Reads a floating point number that begins at a byte. */
  readFloat(bits: 32 | 64, order: ByteOrder): number {
    const byte = this.position / 8;
    this.#take(bits);
    const isLittle = order === 'le';
    return bits === 32
      ? this.view.getFloat32(byte, isLittle)
      : this.view.getFloat64(byte, isLittle);
  }

  /** Reads text up to its zero byte. */
  readString(): string {
    const bytes = this.#bytes;
    const start = this.position / 8;
    const last = Math.min(bytes.length, Math.floor(this.#limit / 8));
    let end = start;
    while (end < last && bytes[end] !== 0) end += 1;
    if (end >= last) this.#truncated('a string that ends in a zero byte');
    this.position = (end + 1) * 8;
    return decodeUtf8(bytes, start, end);
  }

  /** Reads `length` bytes of text, of which those behind a zero byte do not count. */
  readText(length: number): string {
    const start = this.position / 8;
    this.#take(length * 8);
    let end = start;
    while (end < start + length && this.#bytes[end] !== 0) end += 1;
    return decodeUtf8(this.#bytes, start, end);
  }

  /** Refuses what would not fit in front of the limit; for lengths that come out of the trace. */
  expectBits(bits: number, what: string): void {
    if (this.position + bits > this.#limit) this.#truncated(what);
  }

  #expect(bits: number): void {
    if (this.position + bits > this.#limit) this.#truncated(`${bits} more bits`);
  }

  #take(bits: number): void {
    this.#expect(bits);
    this.position += bits;
  }

  #truncated(what: string): never {
    throw new TraceFormatError(
      'ERR_TRUNCATED',
      `expected ${what} at bit ${this.position} of the packet, got its end at bit ${this.#limit}`,
      { bit: this.position },
    );
  }

  /** Bits of bytes from the lowest bit up. */
  #littleBits(at: number, bits: number): number {
    let value = 0;
    for (let done = 0; done < bits;) {
      const bit = at + done;
      const offset = bit & 7;
      const count = Math.min(8 - offset, bits - done);
      const piece = (this.#bytes[(bit - offset) / 8]! >> offset) & ((1 << count) - 1);
      value += piece * 2 ** done;
      done += count;
    }
    return value;
  }

  /** Bits of bytes from the highest bit down. */
  #bigBits(at: number, bits: number): number {
    let value = 0;
    for (let done = 0; done < bits;) {
      const bit = at + done;
      const offset = bit & 7;
      const count = Math.min(8 - offset, bits - done);
      const piece = (this.#bytes[(bit - offset) / 8]! >> (8 - offset - count)) & ((1 << count) - 1);
      value = value * 2 ** count + piece;
      done += count;
    }
    return value;
  }
}
