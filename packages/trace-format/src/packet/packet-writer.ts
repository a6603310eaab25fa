import { BitWriter } from '../bits/bit-writer.js';
import type { EventClass, StreamClass, TraceClass } from '../metadata/trace-class.js';
import { TraceFormatError } from '../trace-format-error.js';
import { compileScopeWriter, compileWriter } from '../fields/compile-writer.js';
import type { ValueWriter } from '../fields/compile-writer.js';
import type { StructureValue } from '../fields/field-value.js';
import { shortHeader } from './packet-layout.js';
import { highWord, lowWord, wide } from './time-words.js';
import { COMPACT_ID_BITS, shortHeaderWriter } from './short-header-writer.js';
import type { ShortHeaderWriter } from './short-header-writer.js';
import type { HeaderKind } from './packet-layout.js';
import { PACKET_MAGIC } from './packet-reader.js';

/** Whether words of the host are as those of the trace. */
const IS_LITTLE = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

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

interface EventWriters {
  readonly id: number;
  readonly context: ValueWriter | undefined;
  readonly fields: ValueWriter | undefined;
}

/**
 * Writes packets of a stream with the layout of {@link PACKET_HEADER}, one at a time into one buffer.
 *
 * @source CTF 1.8, 5 and 6
 */
export class PacketWriter {
  readonly #stream: StreamClass;
  readonly #bytes: Uint8Array;
  /** The same, where whole words are written; empty where they are not as headers are. */
  readonly #words: Int32Array;
  readonly #writer: BitWriter;
  readonly #uuid: readonly number[];
  readonly #header: ValueWriter;
  readonly #packetContext: ValueWriter;
  readonly #eventHeader: ValueWriter;
  readonly #eventContext: ValueWriter | undefined;
  readonly #events = new Map<EventClass, EventWriters>();
  /** The event that was written last: mostly it is the next one, too. */
  #lastEvent: EventClass | undefined;
  #lastWriters: EventWriters | undefined;
  readonly #extendedId: number;
  readonly #timeRange: number;
  readonly #shortHeader: ShortHeaderWriter | undefined;
  #beginning: PacketBeginning | undefined;
  #contextAt = 0;
  /** Bytes that packets before may have left. */
  #usedBytes = 0;
  /** Time of the last event, in two words of 32 bits. */
  #low = 0;
  #high = 0;

  /**
   * @param capacityBytes size of the largest packet
   * @throws TraceFormatError `ERR_TYPE` for a stream of another layout
   */
  constructor(trace: TraceClass, stream: StreamClass, kind: HeaderKind, capacityBytes: number) {
    const { packetHeader, uuid = '00000000-0000-0000-0000-000000000000' } = trace;
    const { packetContext, eventHeader, eventContext } = stream;
    if (packetHeader === undefined || packetContext === undefined || eventHeader === undefined)
      throw new TraceFormatError(
        'ERR_TYPE',
        `expected stream ${stream.id} to have packet headers, packet contexts and event headers, got none`,
      );
    this.#stream = stream;
    this.#bytes = new Uint8Array(capacityBytes);
    this.#writer = new BitWriter(this.#bytes, trace.byteOrder);
    this.#uuid = (uuid.replaceAll('-', '').match(/../g) ?? []).map((hex) => parseInt(hex, 16));
    this.#header = compileWriter(packetHeader, 'the packet header');
    this.#packetContext = compileWriter(packetContext, 'the packet context');
    this.#eventHeader = compileWriter(eventHeader, 'the event header');
    this.#eventContext = eventContext && compileScopeWriter(eventContext, 'the context');
    for (const event of stream.events.values())
      this.#events.set(event, {
        id: Number(event.id),
        context: event.context && compileScopeWriter(event.context, `${event.name} context`),
        fields: event.fields && compileScopeWriter(event.fields, event.name),
      });
    const { extendedId, timeBits } = shortHeader(kind);
    this.#extendedId = extendedId;
    this.#timeRange = 2 ** timeBits;
    this.#shortHeader = shortHeaderWriter(trace, eventHeader, kind);
    const isWhole = IS_LITTLE && kind === 'compact' && this.#shortHeader !== undefined;
    this.#words = new Int32Array(this.#bytes.buffer, 0, isWhole ? capacityBytes >> 2 : 0);
  }

  /** Begins a packet. */
  begin(beginning: PacketBeginning): void {
    const writer = this.#writer;
    writer.rewind(0);
    this.#bytes.fill(0, 0, this.#usedBytes);
    this.#usedBytes = this.#bytes.length;
    this.#beginning = beginning;
    this.#low = lowWord(beginning.timestampBegin);
    this.#high = highWord(beginning.timestampBegin);
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
   * Writes an event.
   *
   * @param cycles its time, not before that of the last; a safe integer costs less than a bigint
   * @returns false when it does not fit, and nothing was written: end the packet and begin another
   * @throws TraceFormatError `ERR_VALUE` for values that are not of the event's types, or a time that goes
   *   back; the packet is as it was before
   */
  write(
    event: EventClass,
    cycles: bigint | number,
    fields: StructureValue,
    context: StructureValue = {},
    streamContext: StructureValue = {},
  ): boolean {
    const writers = this.#writersOf(event);
    const low = lowWord(cycles);
    const high = highWord(cycles);
    this.#expectLater(event, low, high, cycles);
    const writer = this.#writer;
    const start = writer.position;
    try {
      this.#writeHeader(writers.id, low, high);
      this.#eventContext?.(writer, streamContext);
      writers.context?.(writer, context);
      writers.fields?.(writer, fields);
    } catch (error) {
      writer.rewind(start);
      throw error;
    }
    if (writer.hasOverflowed) {
      writer.rewind(start);
      return false;
    }
    this.#low = low;
    this.#high = high;
    return true;
  }

  /**
   * Writes an event whose contexts and fields lie somewhere as the trace has them, one behind the other; see
   * {@link laidOutBytes}.
   *
   * @param from first of the bytes, which are copied
   * @param to behind the last one
   * @returns as {@link write}
   * @throws TraceFormatError `ERR_VALUE` for a time that goes back
   */
  writeLaidOut(
    event: EventClass,
    cycles: number,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): boolean {
    const { id } = this.#writersOf(event);
    const low = lowWord(cycles);
    const high = highWord(cycles);
    this.#expectLater(event, low, high, cycles);
    const writer = this.#writer;
    const start = writer.position;
    this.#writeHeader(id, low, high);
    writer.align(8);
    const at = writer.position >>> 3;
    if (writer.hasOverflowed || at + to - from > this.#bytes.length) {
      writer.rewind(start);
      return false;
    }
    // Mostly a few bytes: cheaper than a view of them.
    for (let n = from; n < to; n++) this.#bytes[at + n - from] = bytes[n]!;
    writer.position += 8 * (to - from);
    this.#low = low;
    this.#high = high;
    return true;
  }

  /**
   * As {@link writeLaidOut}, by whole words: in traces with compact headers, where the last event is a short while ago.
   *
   * @param gap cycles since the last event, or since the packet's beginning; an int32
   * @param from first of the words with its contexts and fields
   * @returns false when nothing was written: it is left to {@link writeLaidOut}
   */
  writeWords(
    event: EventClass,
    gap: number,
    words: Int32Array,
    from: number,
    count: number,
  ): boolean {
    const { id } = this.#writersOf(event);
    const writer = this.#writer;
    const { position } = writer;
    const low = this.#low + gap;
    const at = position >>> 5;
    const isShort = id < this.#extendedId && gap >= 0 && gap < this.#timeRange && low < 2 ** 32;
    if (!isShort || (position & 31) !== 0 || at + count >= this.#words.length) return false;
    this.#words[at] = (low << COMPACT_ID_BITS) | id;
    for (let n = 0; n < count; n++) this.#words[at + 1 + n] = words[from + n]!;
    writer.position = position + 32 * (count + 1);
    this.#low = low;
    return true;
  }

  #writersOf(event: EventClass): EventWriters {
    if (event === this.#lastEvent) return this.#lastWriters!;
    const writers = this.#events.get(event);
    if (this.#beginning === undefined || writers === undefined)
      throw new TraceFormatError(
        'ERR_VALUE',
        `expected an event of stream ${this.#stream.id} in a packet that was begun, got ${event.name}`,
      );
    this.#lastEvent = event;
    this.#lastWriters = writers;
    return writers;
  }

  #expectLater(event: EventClass, low: number, high: number, cycles: bigint | number): void {
    if (high < this.#high || (high === this.#high && low < this.#low))
      throw new TraceFormatError(
        'ERR_VALUE',
        `expected ${event.name} at ${wide(this.#low, this.#high)} or later, got ${cycles}`,
      );
  }

  /** Ends the packet. @returns its bytes, which the next one overwrites */
  end(end: PacketEnd): Uint8Array {
    const writer = this.#writer;
    const contentBits = writer.position;
    const sizeBytes = Math.min(
      this.#bytes.length,
      Math.max(end.sizeBytes ?? 0, Math.ceil(contentBits / 8)),
    );
    writer.position = this.#contextAt;
    this.#writeContext(end, contentBits, sizeBytes * 8);
    writer.position = contentBits;
    this.#usedBytes = sizeBytes;
    return this.#bytes.subarray(0, sizeBytes);
  }

  #writeHeader(id: number, low: number, high: number): void {
    const gap = (high - this.#high) * 0x100000000 + low - this.#low;
    const isShort = id < this.#extendedId && gap < this.#timeRange;
    if (this.#shortHeader !== undefined) {
      this.#shortHeader(this.#writer, id, low, high, isShort);
      return;
    }
    const timestamp = wide(low, high);
    const short = { option: 'compact', value: { timestamp: low % this.#timeRange } };
    const long = { option: 'extended', value: { id, timestamp } };
    this.#eventHeader(this.#writer, isShort ? { id, v: short } : { id: this.#extendedId, v: long });
  }

  #writeContext(end: PacketEnd, contentBits: number, packetBits: number): void {
    const { timestampBegin, sequence, cpuId } = this.#beginning!;
    this.#packetContext(this.#writer, {
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
