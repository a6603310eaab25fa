import type { StreamClass, TraceClass } from '../metadata/trace-class.js';
import type { PacketInfo } from '../packet/packet-info.js';
import type { DataStream } from '../stream/data-stream.js';
import { StreamReader } from '../stream/stream-reader.js';
import { TraceFormatError } from '../trace-format-error.js';
import { LossCounter } from './loss-counter.js';

/** How much a stream holds. */
export interface StreamStatistics {
  readonly type: StreamClass;
  readonly instance: bigint | undefined;
  readonly cpuId: number | undefined;
  /** Its files, the earliest first. */
  readonly files: readonly string[];
  readonly packets: number;
  readonly events: number;
  /** Bytes of packets, and those of them that mean something. */
  readonly packetBytes: number;
  readonly contentBytes: number;
  readonly discardedEvents: bigint;
  readonly lostPackets: bigint;
  /** Times in cycles that the packets span. */
  readonly timestampBegin: bigint | undefined;
  readonly timestampEnd: bigint | undefined;
  /** Events by name. */
  readonly byName: ReadonlyMap<string, number>;
}

/**
 * Counts what a stream holds, reading all of it.
 *
 * @param broken - told of what cannot be read; what can, before and behind it, is counted
 * @returns undefined for a stream without a packet
 */
export function streamStatistics(
  trace: TraceClass,
  { sources, instance }: DataStream,
  broken: (error: TraceFormatError) => void,
): StreamStatistics | undefined {
  const count = new StreamCount();
  for (const source of sources) {
    const reader = new StreamReader(trace, source);
    for (let isMore = true; isMore;)
      try {
        isMore = count.takePacket(reader);
      } catch (error) {
        if (!(error instanceof TraceFormatError)) throw error;
        broken(error);
      }
  }
  const { first, last, loss } = count;
  if (first === undefined) return undefined;
  return {
    type: first.stream,
    instance,
    cpuId: first.cpuId,
    files: sources.map(({ name }) => name),
    packets: count.packets,
    events: count.events,
    packetBytes: count.packetBits / 8,
    contentBytes: Math.ceil(count.contentBits / 8),
    discardedEvents: loss.discardedEvents,
    lostPackets: loss.lostPackets,
    timestampBegin: first.timestampBegin,
    timestampEnd: last?.timestampEnd,
    byName: count.byName,
  };
}

class StreamCount {
  readonly loss = new LossCounter();
  readonly byName = new Map<string, number>();
  first: PacketInfo | undefined;
  last: PacketInfo | undefined;
  packets = 0;
  events = 0;
  packetBits = 0;
  contentBits = 0;

  /** Counts a packet and its events. @returns whether there was one */
  takePacket(reader: StreamReader): boolean {
    const packet = reader.nextPacket();
    if (packet === undefined) return false;
    this.first ??= packet;
    this.last = packet;
    this.loss.take(packet);
    this.packets += 1;
    this.packetBits += packet.packetBits;
    this.contentBits += packet.contentBits;
    for (let event = reader.nextEvent(); event; event = reader.nextEvent()) {
      this.events += 1;
      const { name } = event.type;
      this.byName.set(name, (this.byName.get(name) ?? 0) + 1);
    }
    return true;
  }
}
