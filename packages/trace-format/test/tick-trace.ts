import { integerType } from '../src/metadata/integer-types.js';
import type { EventClass, StreamClass, TraceClass } from '../src/metadata/trace-class.js';
import { metadataText } from '../src/metadata/write-metadata.js';
import { PACKET_HEADER, eventHeaderType, packetContextType } from '../src/packet/packet-layout.js';
import { PacketWriter } from '../src/packet/packet-writer.js';
import { memorySource } from '../src/stream/byte-source.js';
import type { ByteSource } from '../src/stream/byte-source.js';

const CLOCK = 'monotonic';

/** The only kind of event of {@link TRACE}, with a variant that its tag chooses. */
const TICK: EventClass = {
  id: 3n,
  name: 'lab:tick',
  fields: {
    kind: 'structure',
    minAlignBits: 1,
    fields: [
      {
        name: 'tag',
        type: {
          kind: 'enumeration',
          container: integerType(8),
          mappings: [{ label: 'number', low: 0n, high: 0n }],
        },
      },
      {
        name: 'choice',
        type: {
          kind: 'variant',
          tag: ['tag'],
          options: [{ name: 'number', type: integerType(32) }],
        },
      },
    ],
  },
};

const STREAM: StreamClass = {
  id: 0n,
  packetContext: packetContextType(CLOCK),
  eventHeader: eventHeaderType('compact', CLOCK),
  events: new Map([[TICK.id, TICK]]),
};

/** A trace of ticks with compact headers. */
export const TRACE: TraceClass = {
  major: 1,
  minor: 8,
  uuid: '01234567-89ab-4cde-8f01-23456789abcd',
  byteOrder: 'le',
  packetHeader: PACKET_HEADER,
  environment: new Map(),
  clocks: new Map([
    [
      CLOCK,
      {
        name: CLOCK,
        frequencyHz: 1_000_000_000n,
        precisionCycles: 0n,
        offsetSeconds: 0n,
        offsetCycles: 0n,
        isAbsolute: false,
      },
    ],
  ]),
  streams: new Map([[0n, STREAM]]),
};

/** Metadata of {@link TRACE}. */
export const METADATA: Uint8Array = new TextEncoder().encode(metadataText(TRACE));

/** Where the fields of a packet that tests break are, in bytes. */
export const AT = {
  uuid: 4,
  streamId: 20,
  timestampBegin: 32,
  timestampEnd: 40,
  contentSize: 48,
  packetSize: 56,
  sequence: 64,
  discarded: 72,
  /** Of the first event. */
  eventHeader: 84,
  tag: 88,
  /** Of the third event, when the second and the third have long headers. */
  thirdLongTime: 116,
} as const;

/** A packet of ticks. */
export interface Ticks {
  readonly ticks: readonly bigint[];
  readonly sequence?: bigint;
  readonly begin?: bigint;
  readonly end?: bigint;
  readonly discarded?: bigint;
  readonly instance?: bigint;
}

/** The bytes of a packet. */
export function ticks(packet: Ticks): Uint8Array {
  const { ticks: times, sequence = 0n, discarded = 0n, instance = 0n } = packet;
  const { begin = times[0] ?? 0n, end = times.at(-1) ?? begin } = packet;
  const writer = new PacketWriter(TRACE, STREAM, 'compact', 4096);
  writer.begin({ timestampBegin: begin, sequence, cpuId: 0, streamInstance: instance });
  for (const [n, time] of times.entries())
    writer.write(TICK, time, { tag: 'number', choice: { option: 'number', value: n } });
  return writer.end({ timestampEnd: end, eventsDiscarded: discarded }).slice();
}

/** A packet with some of its bytes changed. */
export function broken(packet: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const bytes = packet.slice();
  change(new DataView(bytes.buffer));
  return bytes;
}

/** Packets one behind the other in a file. */
export function file(name: string, ...packets: readonly Uint8Array[]): ByteSource {
  const bytes = new Uint8Array(packets.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const packet of packets) {
    bytes.set(packet, at);
    at += packet.length;
  }
  return memorySource(name, bytes);
}
