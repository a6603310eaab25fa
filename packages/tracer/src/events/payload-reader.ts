import { decodeText } from './text.js';

/** Takes fields apart that `PayloadWriter` laid out; what lies beyond the end reads as zeros. */
export class PayloadReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  #at = 0;
  #end = 0;

  /** Begins with the first byte of a payload, which is a part of some bytes. */
  begin(bytes: Uint8Array, from = 0, to: number = bytes.length): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#at = from;
    this.#end = to;
  }

  /** An integer of 8, 16 or 32 bits. */
  integer(sizeBits: number, isSigned: boolean): number {
    const bytes = sizeBits >> 3;
    const at = this.#take(bytes);
    if (at < 0) return 0;
    const view = this.#view;
    if (bytes === 4) return isSigned ? view.getInt32(at, true) : view.getUint32(at, true);
    if (bytes === 2) return isSigned ? view.getInt16(at, true) : view.getUint16(at, true);
    return isSigned ? view.getInt8(at) : view.getUint8(at);
  }

  /** An integer of 64 bits. */
  wide(isSigned: boolean): bigint {
    const at = this.#take(8);
    if (at < 0) return 0n;
    return isSigned ? this.#view.getBigInt64(at, true) : this.#view.getBigUint64(at, true);
  }

  /** A floating point number. */
  float(sizeBits: 32 | 64): number {
    const at = this.#take(sizeBits >> 3);
    if (at < 0) return 0;
    return sizeBits === 32 ? this.#view.getFloat32(at, true) : this.#view.getFloat64(at, true);
  }

  /** Text up to a zero byte, which is taken as well. */
  text(): string {
    const rest = this.#rest();
    const end = rest.indexOf(0);
    this.#at += end < 0 ? rest.length : end + 1;
    return decodeText(end < 0 ? rest : rest.subarray(0, end));
  }

  /** Text in so many bytes, without the zeros behind it. */
  textArray(length: number): string {
    const bytes = this.#rest().subarray(0, length);
    this.#at += length;
    const end = bytes.indexOf(0);
    return decodeText(end < 0 ? bytes : bytes.subarray(0, end));
  }

  #rest(): Uint8Array {
    return this.#bytes.subarray(Math.min(this.#at, this.#end), this.#end);
  }

  #take(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at + bytes <= this.#end ? at : -1;
  }
}
