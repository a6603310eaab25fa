import { MAX_CPUS } from '@rseqlab/sim-machine';
import { PacketWriter, laidOutBytes } from '@rseqlab/trace-format';
import type {
  EventClass,
  EventWriter,
  HeaderKind,
  StreamClass,
  StructureValue,
  TraceClass,
} from '@rseqlab/trace-format';
import { payloadType, readPayload } from '../events/event-definition.js';
import type { EventDefinition, EventFields } from '../events/event-definition.js';
import { PayloadReader } from '../events/payload-reader.js';
import { FRAME_BYTES, FRAME_COMMITTED, frameBytes, frameEvent } from '../ring/frame.js';
import type { SubbufContent } from './subbuf-content.js';

/** An event of a channel, by its id. */
export interface ChannelEvent {
  readonly definition: EventDefinition;
  readonly type: EventClass;
}

/** What a packet takes at most for each byte of a sub-buffer, and besides. */
const GROWTH = 3;
const HEADER_BYTES = 256;

const NOTHING: StructureValue = {};

/** Makes packets of the Common Trace Format of a channel's sub-buffers. */
export class PacketMaker {
  readonly #events: readonly ChannelEvent[];
  readonly #contexts: EventFields;
  readonly #reader = new PayloadReader();
  readonly #writer: PacketWriter;
  /** By event. */
  readonly #eventWriters: readonly EventWriter[];
  /** By event: bytes of a record behind its frame, where they are what the packet has; -1 elsewhere. */
  readonly #laidOut: Int32Array;
  /** The same in words, where it is whole ones; -1 elsewhere. */
  readonly #wholeWords: Int32Array;
  /** Events in the packets made so far, by their number in the channel. */
  readonly recorded: Float64Array;

  /**
   * @param subbufBytes size of the largest sub-buffer
   * @param contexts what is in front of the payload of every event
   */
  constructor(
    trace: TraceClass,
    stream: StreamClass,
    kind: HeaderKind,
    events: readonly ChannelEvent[],
    subbufBytes: number,
    contexts: EventFields = {},
  ) {
    this.#contexts = contexts;
    this.#events = events;
    this.recorded = new Float64Array(events.length);
    const contextBytes = laidOutBytes(payloadType(contexts));
    this.#laidOut = Int32Array.from(events, ({ type }) => {
      const bytes = type.fields && laidOutBytes(type.fields);
      return contextBytes === undefined || bytes === undefined ? -1 : contextBytes + bytes;
    });
    this.#wholeWords = this.#laidOut.map((bytes) => ((bytes & 3) === 0 ? bytes >> 2 : -1));
    const writer = new PacketWriter(trace, stream, kind, GROWTH * subbufBytes + HEADER_BYTES);
    this.#writer = writer;
    this.#eventWriters = events.map(({ type }) => writer.event(type));
  }

  /**
   * The packet of a sub-buffer; valid until the next one. Records that are not whole are left out.
   *
   * @param instance which of the rings of the CPU it is of, where a channel has several
   */
  make(content: SubbufContent, instance = 0): Uint8Array {
    const { cpu, sequence, beginCycles, endCycles, discarded } = content;
    const writer = this.#writer;
    writer.begin({
      timestampBegin: beginCycles,
      sequence,
      cpuId: cpu,
      streamInstance: BigInt(instance * MAX_CPUS + cpu),
    });
    this.#writeRecords(content);
    return writer.end({ timestampEnd: endCycles, eventsDiscarded: discarded });
  }

  #writeRecords({ bytes, beginCycles }: SubbufContent): void {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    // Cycles of a machine are counted in floating point: they are safe integers.
    const begin = Number(beginCycles);
    const beginLow = (begin % 0x100000000) | 0;
    let last = beginLow;
    for (let at = 0; at < bytes.length;) {
      const word = words[at >> 2]!;
      const size = frameBytes(word);
      if (size < FRAME_BYTES) break;
      if ((word & FRAME_COMMITTED) !== 0) {
        const id = frameEvent(word);
        const clock = words[(at >> 2) + 1]!;
        const count = this.#wholeWords[id]!;
        const isWhole = count >= 0 && FRAME_BYTES + 4 * count <= size;
        if (!(isWhole && this.#copyWords(id, (clock - last) | 0, words, (at + FRAME_BYTES) >> 2))) {
          const cycles = begin + ((clock - beginLow) >>> 0);
          this.#writeRecord(id, cycles, bytes, at + FRAME_BYTES, at + size);
        }
        this.recorded[id]! += 1;
        last = clock;
      }
      at += size;
    }
  }

  /** Writes a record of whole words that lies as the packet has it. @returns whether it was written */
  #copyWords(id: number, gap: number, words: Int32Array, from: number): boolean {
    return this.#eventWriters[id]!.writeWords(gap, words, from, this.#wholeWords[id]!);
  }

  #writeRecord(id: number, cycles: number, bytes: Uint8Array, from: number, to: number): void {
    const writer = this.#eventWriters[id]!;
    const laidOut = this.#laidOut[id]!;
    if (laidOut >= 0 && from + laidOut <= to) {
      writer.writeLaidOut(cycles, bytes, from, from + laidOut);
      return;
    }
    this.#reader.begin(bytes, from, to);
    const contexts = readPayload(this.#reader, this.#contexts);
    const values = readPayload(this.#reader, this.#events[id]!.definition.fields);
    writer.write(cycles, values, NOTHING, contexts);
  }
}
