import { PacketWriter, StreamReader } from '@rseqlab/trace-format';
import type {
  DataStream,
  EventClass,
  PacketInfo,
  StreamClass,
  TraceClass,
} from '@rseqlab/trace-format';
import { basename } from 'node:path';
import { CommandError } from '../command-error.js';
import type { TraceFolderWriter } from './trace-folder-writer.js';
import { INDEX_FOLDER } from './trace-folder.js';

/** Packets of the new trace are at least this large; one that holds more is as large as it takes. */
const LEAST_PACKET_BYTES = 1 << 16;
const MOST_PACKET_BYTES = 2 ** 30;

/** Writes a stream anew, into a file of the name of its first one. */
export class StreamRewriter {
  readonly #stream: DataStream;
  readonly #number: number;
  readonly #target: TraceClass;
  readonly #writer: TraceFolderWriter;
  readonly #file: string;
  /** Made anew for a larger packet, and for one of another kind. */
  #packets: PacketWriter | undefined;
  #packetStream: StreamClass | undefined;
  #capacityBytes = 0;

  /**
   * @param number - of the stream in its trace
   * @param target - the trace with the headers of this project
   */
  constructor(stream: DataStream, number: number, target: TraceClass, writer: TraceFolderWriter) {
    this.#stream = stream;
    this.#number = number;
    this.#target = target;
    this.#writer = writer;
    const name = basename(stream.sources[0]?.name ?? '');
    // A stream of that name would lie where the folder of index files has to.
    this.#file = name === '' || name === INDEX_FOLDER ? `stream_${number}` : name;
  }

  /**
   * @param trace - as it was
   * @returns how many events the stream has
   * @throws TraceFormatError where it cannot be read any further, CommandError where nothing can be written
   */
  rewrite(trace: TraceClass): number {
    let events = 0;
    for (const source of this.#stream.sources) {
      const reader = new StreamReader(trace, source);
      for (let packet = reader.nextPacket(); packet; packet = reader.nextPacket())
        events += this.#rewritePacket(reader, packet);
    }
    return events;
  }

  #rewritePacket(reader: StreamReader, packet: PacketInfo): number {
    const stream = this.#target.streams.get(packet.stream.id)!;
    const packets = this.#writerOf(stream, packet.contentBits);
    let last = packet.timestampBegin ?? 0n;
    packets.begin({
      timestampBegin: last,
      sequence: packet.sequence ?? BigInt(reader.packetNumber),
      cpuId: packet.cpuId ?? 0,
      streamInstance: packet.streamInstance ?? BigInt(this.#number),
    });
    let events = 0;
    for (let event = reader.nextEvent(); event; event = reader.nextEvent(), events++) {
      const type: EventClass = stream.events.get(event.type.id)!;
      last = event.cycles;
      const { fields = {}, context = {}, streamContext = {} } = event;
      if (!packets.write(type, last, fields, context, streamContext))
        throw new CommandError(`expected packets of at most ${MOST_PACKET_BYTES} bytes`);
    }
    const bytes = packets.end({
      timestampEnd: packet.timestampEnd ?? last,
      eventsDiscarded: packet.eventsDiscarded ?? 0n,
    });
    this.#writer.append(this.#file, bytes);
    return events;
  }

  /** A writer of packets that holds one with so much in it. */
  #writerOf(stream: StreamClass, contentBits: number): PacketWriter {
    // Long headers take at most ten bytes more than any others, and an event of any has at least one bit.
    const least = Math.min(LEAST_PACKET_BYTES + contentBits * 14, MOST_PACKET_BYTES);
    if (this.#packetStream !== stream || this.#capacityBytes < least || !this.#packets) {
      this.#packetStream = stream;
      this.#capacityBytes = least;
      const textEncoder = new TextEncoder();
      this.#packets = new PacketWriter(this.#target, stream, 'large', least, { textEncoder });
    }
    return this.#packets;
  }
}
