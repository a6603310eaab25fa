import { BitWriter } from '../bits/bit-writer.js';
import type { ByteOrder } from '../fields/field-type.js';

/** The packet that events are written into: where the next one goes, and when the last one was. */
export class OpenPacket {
  readonly writer: BitWriter;
  readonly bytes: Uint8Array;
  /** The same by whole words, as the host has them. */
  readonly words: Int32Array;
  /** Time of the last event, or of the packet's beginning, in two words of 32 bits. */
  low = 0;
  /** Infinity where no packet was begun: no time is later. */
  high: number;

  /** @param capacityBytes size of the largest packet */
  constructor(capacityBytes: number, byteOrder: ByteOrder) {
    this.high = Infinity;
    this.bytes = new Uint8Array(capacityBytes);
    this.words = new Int32Array(this.bytes.buffer, 0, capacityBytes >> 2);
    this.writer = new BitWriter(this.bytes, byteOrder);
  }

  /** Whether a packet was begun. */
  get isBegun(): boolean {
    return this.high !== Infinity;
  }
}
