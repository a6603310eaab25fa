import {
  PACKET_HEADER,
  PacketWriter,
  StreamReader,
  TraceFormatError,
  clockOfStream,
  eventHeaderType,
  packetContextType,
} from '@rseqlab/trace-format';
import type {
  DataStream,
  EventClass,
  MergedTrace,
  PacketInfo,
  StreamClass,
  TraceClass,
} from '@rseqlab/trace-format';
import { randomUUID } from 'node:crypto';
import { CommandError } from '../command-error.js';
import { TraceFolderWriter } from './trace-folder-writer.js';
import type { MetadataWriter } from './trace-folder-writer.js';

/** Packets of the new trace are at least this large; one that holds more is as large as it takes. */
const LEAST_PACKET_BYTES = 1 << 16;

/** Name of the clock of streams without one: their times are 0. */
const NO_CLOCK = 'none';

/** Where packets go. */
interface Target {
  readonly trace: TraceClass;
  readonly writer: TraceFolderWriter;
}

/**
 * Writes a trace anew with the packet and event headers of this project, one packet for each, with the same
 * contexts and fields.
 *
 * @returns how many events there were
 * @throws CommandError when the folder cannot be written to
 */
export function rewriteTrace(
  { trace, streams }: MergedTrace,
  folder: string,
  metadata: MetadataWriter,
  told: { readonly broken: (error: Error) => void },
): number {
  const target = rewrittenClass(trace);
  const writer = new TraceFolderWriter(folder, target, metadata);
  let events = 0;
  try {
    for (const [n, stream] of streams.entries())
      try {
        events += rewriteStream(trace, stream, n, { trace: target, writer });
      } catch (error) {
        if (!(error instanceof TraceFormatError)) throw error;
        told.broken(error);
      }
    return events;
  } finally {
    writer.close();
  }
}

function rewriteStream(trace: TraceClass, stream: DataStream, n: number, target: Target): number {
  let events = 0;
  for (const source of stream.sources) {
    const reader = new StreamReader(trace, source);
    for (let packet = reader.nextPacket(); packet; packet = reader.nextPacket())
      events += rewritePacket(reader, packet, n, target);
  }
  return events;
}

function rewritePacket(
  reader: StreamReader,
  packet: PacketInfo,
  n: number,
  { trace, writer }: Target,
): number {
  const stream = trace.streams.get(packet.stream.id)!;
  // Long headers take at most ten bytes more than any others, and an event of any has at least one bit.
  const capacity = LEAST_PACKET_BYTES + packet.contentBits * 14;
  const packets = new PacketWriter(trace, stream, 'large', Math.min(capacity, 2 ** 30));
  let last = packet.timestampBegin ?? 0n;
  packets.begin({
    timestampBegin: last,
    sequence: packet.sequence ?? BigInt(reader.packetNumber),
    cpuId: packet.cpuId ?? 0,
    streamInstance: packet.streamInstance ?? BigInt(n),
  });
  let events = 0;
  for (let event = reader.nextEvent(); event; event = reader.nextEvent(), events++) {
    const type: EventClass = stream.events.get(event.type.id)!;
    last = event.cycles;
    const { fields = {}, context = {}, streamContext = {} } = event;
    if (!packets.write(type, last, fields, context, streamContext))
      throw new CommandError(`expected packets of at most ${2 ** 30} bytes`);
  }
  const bytes = packets.end({
    timestampEnd: packet.timestampEnd ?? last,
    eventsDiscarded: packet.eventsDiscarded ?? 0n,
  });
  writer.append(`stream_${n}`, bytes);
  return events;
}

/** The same trace with the headers of this project; in little endian, as its fields say for themselves. */
function rewrittenClass(trace: TraceClass): TraceClass {
  const streams = [...trace.streams.values()].map((stream): StreamClass => {
    const clock = clockOfStream(trace, stream)?.name ?? NO_CLOCK;
    return {
      ...stream,
      packetContext: packetContextType(clock),
      eventHeader: eventHeaderType('large', clock),
    };
  });
  const none = { name: NO_CLOCK, frequencyHz: 1_000_000_000n, precisionCycles: 0n };
  const zero = { ...none, offsetSeconds: 0n, offsetCycles: 0n, isAbsolute: false };
  return {
    ...trace,
    major: 1,
    minor: 8,
    uuid: trace.uuid ?? randomUUID(),
    byteOrder: 'le',
    packetHeader: PACKET_HEADER,
    clocks: trace.clocks.size === 0 ? new Map([[NO_CLOCK, zero]]) : trace.clocks,
    streams: new Map(streams.map((stream) => [stream.id, stream])),
  };
}
