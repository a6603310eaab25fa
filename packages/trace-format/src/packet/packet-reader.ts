import { BitReader } from '../bits/bit-reader.js';
import type { StreamClass, TraceClass } from '../metadata/trace-class.js';
import { TraceFormatError } from '../trace-format-error.js';
import type { StructureValue } from '../fields/field-value.js';
import type { ScopeValues } from '../fields/scope.js';
import { wideOf } from '../fields/wide-integer.js';
import { EventReader } from './event-reader.js';
import type { TraceEvent } from './trace-event.js';
import type { PacketInfo } from './packet-info.js';
import { ScopeReaders } from './scope-readers.js';
import { StreamClock } from './stream-clock.js';

/** First word of every packet whose header has a field `magic`. @source CTF 1.8, 5.1 */
export const PACKET_MAGIC = 0xc1fc1fc1;

const NO_FIELDS: StructureValue = {};

/** How strictly packets are read. */
export interface PacketReaderOptions {
  /** Whether packets with the uuid of another trace are read, too; default no. */
  readonly anyUuid?: boolean;
}

/**
 * Reads packets of a trace, one after the other, in any order.
 *
 * @source CTF 1.8, 5 and 6
 */
export class PacketReader {
  readonly #trace: TraceClass;
  readonly #reader = new BitReader();
  readonly #values: ScopeValues = { roots: {}, open: [], time: undefined };
  readonly #clock = new StreamClock();
  readonly #readHeader: ((reader: BitReader, values: ScopeValues) => StructureValue) | undefined;
  readonly #streams = new Map<StreamClass, { scopes: ScopeReaders; events: EventReader }>();
  readonly #anyUuid: boolean;
  #packet: PacketInfo | undefined;
  #events: EventReader | undefined;

  constructor(trace: TraceClass, { anyUuid = false }: PacketReaderOptions = {}) {
    this.#trace = trace;
    this.#anyUuid = anyUuid;
    this.#readHeader = ScopeReaders.packetHeader(trace);
  }

  /**
   * Begins with a packet.
   *
   * @param bytes from the packet's first byte on; what lies behind the packet does not matter
   * @param leftBytes how large a packet is that does not say it: all that is left of the stream
   * @throws TraceFormatError `ERR_MAGIC`, `ERR_UUID`, `ERR_STREAM` or `ERR_PACKET` for a magic number, uuid,
   *   stream or size that cannot be; `ERR_TRUNCATED` when there is less than header and context
   */
  open(bytes: Uint8Array, leftBytes: number = bytes.length): PacketInfo {
    this.close();
    const reader = this.#reader;
    const values = this.#values;
    reader.reset(bytes);
    values.roots = {};
    values.open.length = 0;
    values.time = undefined;
    const header = this.#readHeader?.(reader, values) ?? NO_FIELDS;
    values.roots['trace.packet.header'] = header;
    this.#checkHeader(header);
    const stream = this.#streamOf(header);
    const { scopes, events } = this.#partsOf(stream);
    const context = scopes.packetContext?.(reader, values) ?? NO_FIELDS;
    values.roots['stream.packet.context'] = context;
    const whole = BigInt(leftBytes * 8);
    const packetBits = wideOf(context['packet_size']) ?? wideOf(context['content_size']) ?? whole;
    const contentBits = wideOf(context['content_size']) ?? packetBits;
    if (contentBits > packetBits || contentBits < BigInt(reader.position) || packetBits % 8n !== 0n)
      throw new TraceFormatError(
        'ERR_PACKET',
        `expected a content of ${reader.position} bits or more in a packet of whole bytes, got ` +
          `${contentBits} in ${packetBits}`,
        { bit: reader.position },
      );
    const timestampBegin = wideOf(context['timestamp_begin']);
    // Without a time of its own, a packet goes on where the last one ended.
    if (timestampBegin !== undefined)
      this.#clock.set(
        Number(timestampBegin & 0xffffffffn),
        Number((timestampBegin >> 32n) & 0xffffffffn),
      );
    const cpuId = wideOf(context['cpu_id']);
    this.#packet = {
      stream,
      header,
      context,
      contentBits: Number(contentBits),
      packetBits: Number(packetBits),
      eventsAt: reader.position,
      timestampBegin,
      timestampEnd: wideOf(context['timestamp_end']),
      sequence: wideOf(context['packet_seq_num']),
      eventsDiscarded: wideOf(context['events_discarded']),
      cpuId: cpuId === undefined ? undefined : Number(cpuId),
      streamInstance: wideOf(header['stream_instance_id']),
    };
    this.#events = events;
    reader.limit = this.#packet.contentBits;
    values.time = this.#clock;
    return this.#packet;
  }

  /** Bit of the packet that is read next. */
  get position(): number {
    return this.#reader.position;
  }

  /** Leaves the packet, whose other events are not read. */
  close(): void {
    this.#packet = undefined;
    this.#events = undefined;
  }

  /**
   * Reads the next event of the packet that was opened last.
   *
   * @returns undefined behind the last
   * @throws TraceFormatError `ERR_EVENT` for an id that there is not; `ERR_TAG` for a tag that chooses nothing;
   *   `ERR_TRUNCATED` for an event that the content ends in; no event of the packet comes after it
   */
  next(): TraceEvent | undefined {
    const packet = this.#packet;
    if (packet === undefined || this.#reader.position >= packet.contentBits) return undefined;
    try {
      return this.#events!.read(this.#reader, this.#values, this.#clock, packet);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The events of the packet that was opened last. @throws TraceFormatError as {@link next} */
  *events(): Generator<TraceEvent, void, undefined> {
    for (let event = this.next(); event !== undefined; event = this.next()) yield event;
  }

  #checkHeader(header: StructureValue): void {
    const magic = header['magic'];
    if (magic !== undefined && magic !== PACKET_MAGIC)
      throw new TraceFormatError(
        'ERR_MAGIC',
        `expected magic 0x${PACKET_MAGIC.toString(16)} at the beginning of a packet, got 0x${Number(magic).toString(16)}`,
        { bit: 0 },
      );
    const uuid = header['uuid'];
    if (!Array.isArray(uuid) || this.#trace.uuid === undefined || this.#anyUuid) return;
    const found = uuidText(uuid as readonly number[]);
    if (found !== this.#trace.uuid)
      throw new TraceFormatError(
        'ERR_UUID',
        `expected a packet of the trace ${this.#trace.uuid}, got one of ${found}`,
      );
  }

  #streamOf(header: StructureValue): StreamClass {
    const { streams } = this.#trace;
    const id = wideOf(header['stream_id']) ?? 0n;
    const stream =
      header['stream_id'] === undefined && streams.size === 1
        ? [...streams.values()][0]
        : streams.get(id);
    if (stream !== undefined) return stream;
    throw new TraceFormatError(
      'ERR_STREAM',
      `expected a stream of the metadata (${[...streams.keys()].join(', ')}), got ${id}`,
    );
  }

  #partsOf(stream: StreamClass): { scopes: ScopeReaders; events: EventReader } {
    let parts = this.#streams.get(stream);
    if (parts === undefined) {
      const scopes = new ScopeReaders(this.#trace, stream);
      parts = { scopes, events: new EventReader(stream, scopes) };
      this.#streams.set(stream, parts);
    }
    return parts;
  }
}

/** A uuid as text, of its 16 bytes. */
export function uuidText(bytes: readonly number[]): string {
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
