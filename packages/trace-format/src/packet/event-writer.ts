import type { ValueWriter } from '../fields/compile-writer.js';
import type { StructureValue } from '../fields/field-value.js';
import type { EventClass } from '../metadata/trace-class.js';
import { TraceFormatError } from '../trace-format-error.js';
import type { EventForm, WriteEvent } from './event-form.js';
import { generatedEventWriter } from './generate-event-writer.js';
import type { OpenPacket } from './open-packet.js';
import { COMPACT_ID_BITS } from './short-header-writer.js';
import { highWord, lowWord, wide } from './time-words.js';

/** Whether words of the host are as those of the trace. */
const IS_LITTLE = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

const NOTHING: StructureValue = {};

const NO_WORDS = new Int32Array(0);

/** Writes the header of an event whose time comes a short while after that of the last one, or not. */
export type HeaderWriter = (id: number, low: number, high: number, isShort: boolean) => void;

/** What an event is written by. */
export interface EventParts {
  readonly header: HeaderWriter;
  readonly streamContext: ValueWriter | undefined;
  readonly context: ValueWriter | undefined;
  readonly fields: ValueWriter | undefined;
}

/** Writes events of one kind into the packets of a stream; {@link PacketWriter.event} makes one. */
export class EventWriter {
  /** The kind of its events. */
  readonly type: EventClass;
  readonly #packet: OpenPacket;
  readonly #form: EventForm;
  readonly #parts: EventParts;
  /** The packet, where whole words are written; empty where they are not as headers are. */
  readonly #words: Int32Array;
  /** Generated when the first event is written. */
  #write: WriteEvent;

  /** @internal */
  constructor(type: EventClass, packet: OpenPacket, form: EventForm, parts: EventParts) {
    this.type = type;
    this.#packet = packet;
    this.#form = form;
    this.#parts = parts;
    const isWhole = IS_LITTLE && form.kind === 'compact' && form.isUsual;
    this.#words = isWhole ? packet.words : NO_WORDS;
    const byParts: WriteEvent = (...event) => this.#writeParts(...event);
    this.#write = (...event) => {
      this.#write = generatedEventWriter(packet, form, byParts) ?? byParts;
      return this.#write(...event);
    };
  }

  /**
   * Writes an event.
   *
   * @param cycles its time, not before that of the last; a safe integer costs less than a bigint
   * @returns false when it does not fit, and nothing was written: end the packet and begin another
   * @throws TraceFormatError `ERR_VALUE` for values that are not of the event's types, a time that goes
   *   back, or where no packet was begun; the packet is as it was before
   */
  write(
    cycles: bigint | number,
    fields: StructureValue,
    context: StructureValue = NOTHING,
    streamContext: StructureValue = NOTHING,
  ): boolean {
    return this.#write(cycles, fields, context, streamContext);
  }

  /**
   * Writes an event whose contexts and fields lie somewhere as the trace has them, one behind the other; see
   * {@link laidOutBytes}.
   *
   * @param from first of the bytes, which are copied
   * @param to behind the last one
   * @returns as {@link write}
   * @throws TraceFormatError `ERR_VALUE` for a time that goes back, or where no packet was begun
   */
  writeLaidOut(cycles: number, bytes: Uint8Array, from: number, to: number): boolean {
    const packet = this.#packet;
    const { writer } = packet;
    const start = writer.position;
    const low = lowWord(cycles);
    const high = highWord(cycles);
    this.#writeHeader(low, high, cycles);
    writer.align(8);
    const at = writer.position >>> 3;
    if (writer.hasOverflowed || at + to - from > packet.bytes.length) {
      writer.rewind(start);
      return false;
    }
    // Mostly a few bytes: cheaper than a view of them.
    for (let n = from; n < to; n++) packet.bytes[at + n - from] = bytes[n]!;
    writer.position += 8 * (to - from);
    packet.low = low;
    packet.high = high;
    return true;
  }

  /**
   * As {@link writeLaidOut}, by whole words: in traces with compact headers, where the last event is a short while ago.
   *
   * @param gap cycles since the last event, or since the packet's beginning; an int32
   * @param from first of the words with its contexts and fields
   * @returns false when nothing was written: it is left to {@link writeLaidOut}
   */
  writeWords(gap: number, words: Int32Array, from: number, count: number): boolean {
    const packet = this.#packet;
    const { writer } = packet;
    const { position } = writer;
    const { id, extendedId, timeRange } = this.#form;
    const low = packet.low + gap;
    const at = position >>> 5;
    const isShort = id < extendedId && gap >= 0 && gap < timeRange && low < 2 ** 32;
    const isRoom = (position & 31) === 0 && at + count < this.#words.length;
    if (!isShort || !isRoom || !packet.isBegun) return false;
    this.#words[at] = (low << COMPACT_ID_BITS) | id;
    for (let n = 0; n < count; n++) this.#words[at + 1 + n] = words[from + n]!;
    writer.position = position + 32 * (count + 1);
    packet.low = low;
    return true;
  }

  #writeParts(
    cycles: bigint | number,
    fields: StructureValue,
    context: StructureValue,
    streamContext: StructureValue,
  ): boolean {
    const packet = this.#packet;
    const { writer } = packet;
    const start = writer.position;
    const low = lowWord(cycles);
    const high = highWord(cycles);
    const parts = this.#parts;
    try {
      this.#writeHeader(low, high, cycles);
      parts.streamContext?.(writer, streamContext);
      parts.context?.(writer, context);
      parts.fields?.(writer, fields);
    } catch (error) {
      writer.rewind(start);
      throw error;
    }
    if (writer.hasOverflowed) {
      writer.rewind(start);
      return false;
    }
    packet.low = low;
    packet.high = high;
    return true;
  }

  #writeHeader(low: number, high: number, cycles: bigint | number): void {
    const packet = this.#packet;
    const gap = (high - packet.high) * 0x100000000 + low - packet.low;
    if (!(gap >= 0)) throw this.#unexpected(cycles);
    const { id, extendedId, timeRange } = this.#form;
    this.#parts.header(id, low, high, id < extendedId && gap < timeRange);
  }

  #unexpected(cycles: bigint | number): TraceFormatError {
    const { isBegun, low, high } = this.#packet;
    const { name } = this.type;
    const text = isBegun
      ? `expected ${name} at ${wide(low, high)} or later, got ${cycles}`
      : `expected ${name} in a packet that was begun, got none`;
    return new TraceFormatError('ERR_VALUE', text);
  }
}
