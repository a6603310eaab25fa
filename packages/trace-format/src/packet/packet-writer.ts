import type { BitWriter } from '../bits/bit-writer.js';
import { compileScopeWriter, compileWriter } from '../fields/compile-writer.js';
import type { ValueWriter } from '../fields/compile-writer.js';
import type { StructureType } from '../fields/field-type.js';
import type { StructureValue } from '../fields/field-value.js';
import { putByHost, putCharacters } from '../fields/put-ascii.js';
import type { PutAscii, TextIntoBytes } from '../fields/put-ascii.js';
import type { EventClass, StreamClass, TraceClass } from '../metadata/trace-class.js';
import { TraceFormatError } from '../trace-format-error.js';
import { EventWriter } from './event-writer.js';
import type { HeaderWriter } from './event-writer.js';
import { OpenPacket } from './open-packet.js';
import { shortHeader } from './packet-layout.js';
import type { HeaderKind } from './packet-layout.js';
import { PACKET_MAGIC } from './packet-reader.js';
import { shortHeaderWriter } from './short-header-writer.js';
import { highWord, lowWord, wide } from './time-words.js';

/** What a packet says of itself when it begins. */
export interface PacketBeginning {
  /** Time in cycles from which on its events are. */
  readonly timestampBegin: bigint;
  /** Counts the stream's packets. */
  readonly sequence: bigint;
  readonly cpuId: number;
  readonly streamInstance?: bigint;
}

/** What it says when it ends. */
export interface PacketEnd {
  /** Time up to which its events are. */
  readonly timestampEnd: bigint;
  /** Events that the stream has lost since its beginning. */
  readonly eventsDiscarded: bigint;
  /** Bytes to fill it up to; default no more than it takes. */
  readonly sizeBytes?: number;
}

/** How packets are written. */
export interface PacketWriterOptions {
  /** The host's `TextEncoder`, by which text of more than a few characters is written faster; default none. */
  readonly textEncoder?: TextIntoBytes;
}

/**
 * Writes packets of a stream with the layout of {@link PACKET_HEADER}, one at a time into one buffer.
 *
 * @source CTF 1.8, 5 and 6
 */
export class PacketWriter {
  readonly #stream: StreamClass;
  readonly #packet: OpenPacket;
  readonly #uuid: readonly number[];
  readonly #header: ValueWriter;
  readonly #packetContext: ValueWriter;
  readonly #events: ReadonlyMap<EventClass, EventWriter>;
  /** Writes the event that was written last: mostly it is the next one, too. */
  #last: EventWriter | undefined;
  #beginning: PacketBeginning | undefined;
  #contextAt = 0;
  /** Bytes that packets before may have left. */
  #usedBytes = 0;

  /**
   * @param capacityBytes size of the largest packet
   * @throws TraceFormatError `ERR_TYPE` for a stream of another layout
   */
  constructor(
    trace: TraceClass,
    stream: StreamClass,
    kind: HeaderKind,
    capacityBytes: number,
    { textEncoder }: PacketWriterOptions = {},
  ) {
    const { packetHeader, byteOrder, uuid = '00000000-0000-0000-0000-000000000000' } = trace;
    const { packetContext, eventHeader } = stream;
    if (packetHeader === undefined || packetContext === undefined || eventHeader === undefined)
      throw new TraceFormatError(
        'ERR_TYPE',
        `expected stream ${stream.id} to have packet headers, packet contexts and event headers, got none`,
      );
    this.#stream = stream;
    this.#packet = new OpenPacket(capacityBytes, byteOrder);
    this.#uuid = (uuid.replaceAll('-', '').match(/../g) ?? []).map((hex) => parseInt(hex, 16));
    this.#header = compileWriter(packetHeader, 'the packet header');
    this.#packetContext = compileWriter(packetContext, 'the packet context');
    const putAscii = textEncoder === undefined ? putCharacters : putByHost(textEncoder);
    this.#events = eventWriters(trace, stream, kind, this.#packet, putAscii);
  }

  /** Begins a packet. */
  begin(beginning: PacketBeginning): void {
    const packet = this.#packet;
    const { writer, bytes } = packet;
    writer.rewind(0);
    bytes.fill(0, 0, this.#usedBytes);
    this.#usedBytes = bytes.length;
    this.#beginning = beginning;
    packet.low = lowWord(beginning.timestampBegin);
    packet.high = highWord(beginning.timestampBegin);
    this.#header(writer, {
      magic: PACKET_MAGIC,
      uuid: this.#uuid,
      stream_id: Number(this.#stream.id),
      stream_instance_id: beginning.streamInstance ?? 0n,
    });
    this.#contextAt = writer.position;
    this.#writeContext({ timestampEnd: 0n, eventsDiscarded: 0n }, 0, 0);
  }

  /**
   * What writes events of a kind, into this packet and all that follow.
   *
   * @throws TraceFormatError `ERR_VALUE` for an event of another stream
   */
  event(type: EventClass): EventWriter {
    const found = this.#events.get(type);
    if (found !== undefined) return found;
    throw new TraceFormatError(
      'ERR_VALUE',
      `expected an event of stream ${this.#stream.id}, got ${type.name}`,
    );
  }

  /**
   * Writes an event of any kind; who keeps what {@link event} gives has it looked up once.
   *
   * @returns as {@link EventWriter.write}
   * @throws TraceFormatError `ERR_VALUE` as that does, and for an event of another stream
   */
  write(
    type: EventClass,
    cycles: bigint | number,
    fields: StructureValue,
    context?: StructureValue,
    streamContext?: StructureValue,
  ): boolean {
    if (this.#last?.type !== type) this.#last = this.event(type);
    return this.#last.write(cycles, fields, context, streamContext);
  }

  /** Ends the packet. @returns its bytes, which the next one overwrites */
  end(end: PacketEnd): Uint8Array {
    const packet = this.#packet;
    const { writer, bytes } = packet;
    const contentBits = writer.position;
    const sizeBytes = Math.min(
      bytes.length,
      Math.max(end.sizeBytes ?? 0, Math.ceil(contentBits / 8)),
    );
    writer.position = this.#contextAt;
    this.#writeContext(end, contentBits, sizeBytes * 8);
    writer.position = contentBits;
    packet.high = Infinity;
    this.#usedBytes = sizeBytes;
    return bytes.subarray(0, sizeBytes);
  }

  #writeContext(end: PacketEnd, contentBits: number, packetBits: number): void {
    const { timestampBegin, sequence, cpuId } = this.#beginning!;
    this.#packetContext(this.#packet.writer, {
      timestamp_begin: timestampBegin,
      timestamp_end: end.timestampEnd,
      content_size: contentBits,
      packet_size: packetBits,
      packet_seq_num: sequence,
      events_discarded: end.eventsDiscarded,
      cpu_id: cpuId,
    });
  }
}

function eventWriters(
  trace: TraceClass,
  { events, eventContext, eventHeader }: StreamClass,
  kind: HeaderKind,
  packet: OpenPacket,
  putAscii: PutAscii,
): ReadonlyMap<EventClass, EventWriter> {
  const { extendedId, timeBits } = shortHeader(kind);
  const timeRange = 2 ** timeBits;
  const usual = shortHeaderWriter(trace, eventHeader!, kind);
  const { writer } = packet;
  const header: HeaderWriter =
    usual === undefined
      ? headerByValues(writer, eventHeader!, extendedId, timeRange)
      : (id, low, high, isShort) => {
          usual(writer, id, low, high, isShort);
        };
  const scope = (type: StructureType | undefined, path: string): ValueWriter | undefined =>
    type && compileScopeWriter(type, path, putAscii);
  const streamContext = scope(eventContext, 'the context');
  return new Map(
    [...events.values()].map((type) => {
      const { name, context, fields } = type;
      const form = {
        id: Number(type.id),
        kind,
        isUsual: usual !== undefined,
        extendedId,
        timeRange,
        scopes: [
          ['streamContext', eventContext],
          ['context', context],
          ['fields', fields],
        ] as const,
        putAscii,
      };
      const parts = {
        header,
        streamContext,
        context: scope(context, `${name} context`),
        fields: scope(fields, name),
      };
      return [type, new EventWriter(type, packet, form, parts)];
    }),
  );
}

function headerByValues(
  writer: BitWriter,
  type: StructureType,
  extendedId: number,
  timeRange: number,
): HeaderWriter {
  const write = compileWriter(type, 'the event header');
  return (id, low, high, isShort) => {
    const short = { option: 'compact', value: { timestamp: low % timeRange } };
    const long = { option: 'extended', value: { id, timestamp: wide(low, high) } };
    write(writer, isShort ? { id, v: short } : { id: extendedId, v: long });
  };
}
