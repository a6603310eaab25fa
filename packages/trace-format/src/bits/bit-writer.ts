import { TraceFormatError } from '../trace-format-error.js';
import type { ByteOrder } from '../fields/field-type.js';
import { encodeUtf8 } from './utf8.js';

/**
 * Writes numbers of any number of bits into a packet of a fixed size.
 *
 * Bits that are skipped are zero. What does not fit leaves the packet as it was and is told by
 * {@link hasOverflowed}: the caller goes back and ends the packet.
 *
 * @source CTF 1.8, 4.1
 */
export class BitWriter {
  /** Bit that is written next. */
  position = 0;
  /** Whether something did not fit since the last {@link rewind}. */
  hasOverflowed = false;
  /** The packet, for code that has checked its size itself. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #limit: number;
  readonly #order: ByteOrder;

  /**
   * @param bytes the packet; zero wherever nothing was written
   * @param order of the bit fields: which bits of a byte come first
   */
  constructor(bytes: Uint8Array, order: ByteOrder = 'le') {
    this.bytes = bytes;
    this.#order = order;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limit = bytes.length * 8;
  }

  /** Goes on to the next multiple of an alignment, which is a power of two. */
  align(bits: number): void {
    const rest = this.position & (bits - 1);
    if (rest !== 0) this.position += bits - rest;
  }

  /** Goes back to an earlier bit and zeroes what was written from there on. */
  rewind(position: number): void {
    const byte = position >> 3;
    this.bytes.fill(0, byte + 1, Math.min(this.bytes.length, (this.position + 7) >> 3));
    const kept = position & 7;
    const mask = this.#order === 'le' ? (1 << kept) - 1 : 0xff00 >> kept;
    if (byte < this.bytes.length) this.bytes[byte]! &= mask;
    this.position = position;
    this.hasOverflowed = false;
  }

  /** Writes the low `bits` (1 to 32) of an integer. */
  writeUnsigned(value: number, bits: number, order: ByteOrder): void {
    const at = this.position;
    if (at + bits > this.#limit) {
      this.hasOverflowed = true;
      return;
    }
    this.position = at + bits;
    if ((at & 7) === 0) {
      const byte = at / 8;
      const isLittle = order === 'le';
      if (bits === 32) {
        this.view.setUint32(byte, value, isLittle);
        return;
      }
      if (bits === 8) {
        this.bytes[byte] = value;
        return;
      }
      if (bits === 16) {
        this.view.setUint16(byte, value, isLittle);
        return;
      }
    }
    if (order === 'le') this.#littleBits(at, value, bits);
    else this.#bigBits(at, value, bits);
  }

  /** Writes an integer of up to 64 bits, given as two words. */
  writeWide(low: number, high: number, bits: number, order: ByteOrder): void {
    if (bits <= 32) {
      this.writeUnsigned(low, bits, order);
    } else if (this.position + bits > this.#limit) {
      this.hasOverflowed = true;
    } else if (order === 'le') {
      this.writeUnsigned(low, 32, order);
      this.writeUnsigned(high, bits - 32, order);
    } else {
      this.writeUnsigned(high, bits - 32, order);
      this.writeUnsigned(low, 32, order);
    }
  }

  /** Writes a floating point number at a byte. */
  writeFloat(value: number, bits: 32 | 64, order: ByteOrder): void {
    const byte = this.position / 8;
    if (this.position + bits > this.#limit) {
      this.hasOverflowed = true;
      return;
    }
    this.position += bits;
    if (bits === 32) this.view.setFloat32(byte, value, order === 'le');
    else this.view.setFloat64(byte, value, order === 'le');
  }

  /**
   * Writes text and its zero byte.
   *
   * @throws TraceFormatError `ERR_VALUE` for text with a zero byte inside
   */
  writeString(text: string): void {
    const bytes = encodeUtf8(text);
    if (bytes.includes(0))
      throw new TraceFormatError(
        'ERR_VALUE',
        `expected text without a zero byte, got ${JSON.stringify(text)}`,
      );
    this.writeBytes(bytes, bytes.length + 1);
  }

  /** Writes bytes at a byte, and zeros up to `length` bytes; what is longer is cut off. */
  writeBytes(bytes: Uint8Array, length: number): void {
    const byte = this.position / 8;
    if (this.position + length * 8 > this.#limit) {
      this.hasOverflowed = true;
      return;
    }
    this.bytes.set(bytes.length > length ? bytes.subarray(0, length) : bytes, byte);
    this.position += length * 8;
  }

  #littleBits(at: number, value: number, bits: number): void {
    let rest = value >>> 0;
    for (let done = 0; done < bits;) {
      const bit = at + done;
      const offset = bit & 7;
      const count = Math.min(8 - offset, bits - done);
      const mask = (1 << count) - 1;
      const byte = bit >> 3;
      this.bytes[byte] = (this.bytes[byte]! & ~(mask << offset)) | ((rest & mask) << offset);
      rest >>>= count;
      done += count;
    }
  }

  #bigBits(at: number, value: number, bits: number): void {
    for (let done = 0; done < bits;) {
      const bit = at + done;
      const offset = bit & 7;
      const count = Math.min(8 - offset, bits - done);
      const mask = (1 << count) - 1;
      const shift = 8 - offset - count;
      const piece = (value >>> (bits - done - count)) & mask;
      const byte = bit >> 3;
      this.bytes[byte] = (this.bytes[byte]! & ~(mask << shift)) | (piece << shift);
      done += count;
    }
  }
}
