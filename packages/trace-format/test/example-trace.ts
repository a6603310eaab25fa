import { integerType } from '../src/metadata/integer-types.js';
import type { EventClass, StreamClass, TraceClass } from '../src/metadata/trace-class.js';
import { PACKET_HEADER, eventHeaderType, packetContextType } from '../src/packet/packet-layout.js';
import type { HeaderKind } from '../src/packet/packet-layout.js';
import { PacketWriter } from '../src/packet/packet-writer.js';
import type { FieldType } from '../src/fields/field-type.js';
import type { StructureValue } from '../src/fields/field-value.js';

const CLOCK = 'monotonic';

/** An event with a field of every kind. */
const EVERY_FIELD: Readonly<Record<string, FieldType>> = {
  u8: integerType(8),
  s16: integerType(16, { isSigned: true }),
  u32be: integerType(32, { byteOrder: 'be', base: 16 }),
  s64: integerType(64, { isSigned: true }),
  u64: integerType(64),
  bits3: integerType(3),
  bits11: integerType(11, { isSigned: true }),
  f32: { kind: 'float', sizeBits: 32, alignBits: 8, byteOrder: 'le' },
  f64: { kind: 'float', sizeBits: 64, alignBits: 8, byteOrder: 'be' },
  text: { kind: 'string', encoding: 'UTF8' },
  state: {
    kind: 'enumeration',
    container: integerType(8),
    mappings: [
      { label: 'RUNNING', low: 0n, high: 0n },
      { label: 'SLEEPING', low: 1n, high: 3n },
    ],
  },
  array: { kind: 'array', length: 3, element: integerType(16) },
  characters: { kind: 'array', length: 8, element: integerType(8, { encoding: 'UTF8' }) },
  length: integerType(8),
  sequence: { kind: 'sequence', length: ['length'], element: integerType(32) },
  pair: {
    kind: 'structure',
    minAlignBits: 1,
    fields: [
      { name: 'x', type: integerType(32) },
      { name: 'y', type: integerType(8) },
    ],
  },
};

/** Values of {@link EVERY_FIELD}. */
export const EVERY_VALUE: StructureValue = {
  u8: 200,
  s16: -2,
  u32be: 0xdeadbeef,
  s64: -(2n ** 62n),
  u64: 2n ** 63n + 5n,
  bits3: 5,
  bits11: -700,
  f32: 1.5,
  f64: -0.1,
  text: 'grüße',
  state: { value: 2, labels: ['SLEEPING'] },
  array: [1, 2, 65535],
  characters: 'abc',
  length: 2,
  sequence: [7, 4294967295],
  pair: { x: 1, y: 2 },
};

function structureOf(fields: Readonly<Record<string, FieldType>>): EventClass['fields'] {
  return {
    kind: 'structure',
    minAlignBits: 1,
    fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
  };
}

/** A trace with one stream of two kinds of events. */
export function exampleTrace(kind: HeaderKind): { trace: TraceClass; stream: StreamClass } {
  const events = new Map<bigint, EventClass>([
    [0n, { id: 0n, name: 'lab:tick', fields: structureOf({ value: integerType(32) })! }],
    [40n, { id: 40n, name: 'lab:every', logLevel: 6, fields: structureOf(EVERY_FIELD)! }],
  ]);
  const stream: StreamClass = {
    id: 0n,
    packetContext: packetContextType(CLOCK),
    eventHeader: eventHeaderType(kind, CLOCK),
    events,
  };
  const trace: TraceClass = {
    major: 1,
    minor: 8,
    uuid: '01234567-89ab-4cde-8f01-23456789abcd',
    byteOrder: 'le',
    packetHeader: PACKET_HEADER,
    environment: new Map<string, string | bigint>([
      ['domain', 'ust'],
      ['tracer_name', 'rseqlab'],
      ['tracer_major', 0n],
    ]),
    clocks: new Map([
      [
        CLOCK,
        {
          name: CLOCK,
          description: 'simulated "clock"',
          frequencyHz: 1_000_000_000n,
          precisionCycles: 0n,
          offsetSeconds: 1_500_000_000n,
          offsetCycles: 25n,
          isAbsolute: false,
        },
      ],
    ]),
    streams: new Map([[0n, stream]]),
  };
  return { trace, stream };
}

/** Two packets with ticks at the given times, and one event with a field of every kind in between. */
export function examplePackets(kind: HeaderKind, ticks: readonly bigint[]): Uint8Array {
  const { trace, stream } = exampleTrace(kind);
  const [tick, every] = [stream.events.get(0n)!, stream.events.get(40n)!];
  const writer = new PacketWriter(trace, stream, kind, 4096);
  const packets: Uint8Array[] = [];
  const last = ticks.at(-1) ?? 100n;
  writer.begin({ timestampBegin: 100n, sequence: 0n, cpuId: 3 });
  for (const [n, time] of ticks.entries()) writer.write(tick, time, { value: n });
  writer.write(every, last, EVERY_VALUE);
  packets.push(writer.end({ timestampEnd: last, eventsDiscarded: 0n }).slice());
  writer.begin({ timestampBegin: last, sequence: 1n, cpuId: 3 });
  writer.write(tick, last + 1n, { value: 99 });
  const end = { timestampEnd: last + 2n, eventsDiscarded: 0n, sizeBytes: 512 };
  packets.push(writer.end(end).slice());
  const bytes = new Uint8Array(packets.reduce((sum, packet) => sum + packet.length, 0));
  let at = 0;
  for (const packet of packets) {
    bytes.set(packet, at);
    at += packet.length;
  }
  return bytes;
}
