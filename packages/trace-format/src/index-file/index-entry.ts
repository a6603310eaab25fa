import type { PacketInfo } from '../packet/packet-info.js';

/** What an index file says of one packet of its stream. @source lttng-tools, `ctf-index.h` */
export interface IndexEntry {
  /** Where the packet begins, in bytes from the beginning of the data stream's file. */
  readonly offsetBytes: bigint;
  readonly packetBits: bigint;
  readonly contentBits: bigint;
  readonly timestampBegin: bigint;
  readonly timestampEnd: bigint;
  readonly eventsDiscarded: bigint;
  readonly streamId: bigint;
  /** 0 in files of version 1.0, which lack it. */
  readonly streamInstance: bigint;
  /** 0 in files of version 1.0, which lack it. */
  readonly sequence: bigint;
}

/** The entry of a packet; what the packet does not say is 0. */
export function indexEntryOf(packet: PacketInfo, offsetBytes: number): IndexEntry {
  return {
    offsetBytes: BigInt(offsetBytes),
    packetBits: BigInt(packet.packetBits),
    contentBits: BigInt(packet.contentBits),
    timestampBegin: packet.timestampBegin ?? 0n,
    timestampEnd: packet.timestampEnd ?? 0n,
    eventsDiscarded: packet.eventsDiscarded ?? 0n,
    streamId: packet.stream.id,
    streamInstance: packet.streamInstance ?? 0n,
    sequence: packet.sequence ?? 0n,
  };
}

/** The numbers of an entry in the order in which a file has them, 64 bits each. */
export const ENTRY_FIELDS = [
  'offsetBytes',
  'packetBits',
  'contentBits',
  'timestampBegin',
  'timestampEnd',
  'eventsDiscarded',
  'streamId',
  'streamInstance',
  'sequence',
] as const;
