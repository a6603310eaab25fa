import type { TraceClass } from '../metadata/trace-class.js';
import type { TraceEvent } from '../packet/trace-event.js';
import type { PacketInfo } from '../packet/packet-info.js';
import { PacketReader } from '../packet/packet-reader.js';
import type { PacketReaderOptions } from '../packet/packet-reader.js';
import { TraceFormatError } from '../trace-format-error.js';
import type { ByteSource } from './byte-source.js';

/** Bytes that are read to find out how large a packet is; more when its header is longer. */
const FIRST_BYTES = 4096;

/** Contents of packets may be this large: as much memory as reading one takes. */
const MOST_CONTENT_BYTES = 2 ** 30;

/**
 * Reads the packets of one file and their events, one after the other.
 *
 * No more than the content of one packet is in memory. A file that is cut is read up to the cut.
 *
 * Invariant: `#bytes` holds the content of the packet, as far as the file has it.
 */
export class StreamReader {
  readonly source: ByteSource;
  /** Number of the packet in its file, from 0; -1 before the first. */
  packetNumber = -1;
  /** Where the packet begins. */
  packetByte = 0;
  readonly #packets: PacketReader;
  #bytes = new Uint8Array(FIRST_BYTES);
  #packet: PacketInfo | undefined;
  #nextByte = 0;
  #isCut = false;

  /** @throws TraceFormatError `ERR_METADATA` for a length or tag that cannot be found */
  constructor(trace: TraceClass, source: ByteSource, options: PacketReaderOptions = {}) {
    this.source = source;
    this.#packets = new PacketReader(trace, options);
  }

  /** The packet whose events come next. */
  get packet(): PacketInfo | undefined {
    return this.#packet;
  }

  /** Bytes of the packet that the file does not have: it was cut. */
  get missingBytes(): number {
    return Math.max(0, this.#nextByte - this.source.sizeBytes);
  }

  /** Whether the file ends in the packet that is or was read last. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** The content of the packet, header included, as far as the file has it; the next one overwrites it. */
  get content(): Uint8Array {
    return this.#bytes.subarray(0, this.#contentBytes());
  }

  /**
   * Goes on to the next packet, whether all events of the last were read or not.
   *
   * @returns undefined behind the last
   * @throws TraceFormatError as {@link PacketReader.open}, with file and byte; there is no packet after it
   */
  nextPacket(): PacketInfo | undefined {
    const at = this.#nextByte;
    this.#packet = undefined;
    if (at >= this.source.sizeBytes) return undefined;
    this.packetByte = at;
    this.packetNumber += 1;
    this.#isCut = true;
    // Where the size is unknown nothing behind can be found.
    this.#nextByte = this.source.sizeBytes;
    try {
      this.#packet = this.#open(at);
      this.#nextByte = at + this.#packet.packetBits / 8;
      this.#isCut = this.missingBytes > 0;
      return this.#packet;
    } catch (error) {
      throw this.#place(error);
    }
  }

  /**
   * Reads the next event of the packet.
   *
   * @returns undefined behind the last
   * @throws TraceFormatError `ERR_EVENT`, `ERR_TAG` or `ERR_TRUNCATED`, with file and byte: the rest of the
   *   packet cannot be read
   */
  nextEvent(): TraceEvent | undefined {
    try {
      const event = this.#packets.next();
      if (event !== undefined || this.#packet === undefined || this.missingBytes === 0)
        return event;
      throw new TraceFormatError(
        'ERR_TRUNCATED',
        `expected a packet of ${this.#packet.packetBits / 8} bytes, got its end ${this.missingBytes} before`,
        { bit: (this.source.sizeBytes - this.packetByte) * 8 },
      );
    } catch (error) {
      this.#packet = undefined;
      throw this.#place(error);
    }
  }

  #open(at: number): PacketInfo {
    const leftBytes = this.source.sizeBytes - at;
    let loaded = this.#load(at, Math.min(FIRST_BYTES, leftBytes));
    for (;;)
      try {
        const packet = this.#packets.open(this.#bytes.subarray(0, loaded), leftBytes);
        const wanted = Math.min(Math.ceil(packet.contentBits / 8), leftBytes);
        if (wanted <= loaded) return packet;
        if (wanted > MOST_CONTENT_BYTES)
          throw new TraceFormatError(
            'ERR_PACKET',
            `expected a content of at most ${MOST_CONTENT_BYTES} bytes, got ${wanted}`,
          );
        loaded = this.#load(at, wanted);
        return this.#packets.open(this.#bytes.subarray(0, loaded), leftBytes);
      } catch (error) {
        const isLonger = error instanceof TraceFormatError && error.code === 'ERR_TRUNCATED';
        if (!isLonger || loaded >= leftBytes || loaded >= MOST_CONTENT_BYTES) throw error;
        loaded = this.#load(at, Math.min(loaded * 4, leftBytes));
      }
  }

  #load(at: number, count: number): number {
    if (this.#bytes.length < count)
      this.#bytes = new Uint8Array(Math.max(count, Math.min(this.#bytes.length * 2, count * 2)));
    return this.source.read(this.#bytes.subarray(0, count), at);
  }

  #contentBytes(): number {
    const content = Math.ceil((this.#packet?.contentBits ?? 0) / 8);
    return Math.min(content, this.source.sizeBytes - this.packetByte);
  }

  #place(error: unknown): unknown {
    if (!(error instanceof TraceFormatError) || error.code === 'ERR_METADATA') return error;
    const { name } = this.source;
    const place = `${name}, packet ${this.packetNumber} at byte ${this.packetByte}`;
    return new TraceFormatError(
      error.code,
      `${place}: ${error.message}`,
      { ...error.position, file: name, packetByte: this.packetByte },
      { cause: error },
    );
  }
}
