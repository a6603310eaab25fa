import { describe, expect, it } from 'vitest';
import { laidOutBytes } from '../../src/fields/byte-layout.js';
import type { FieldType, StructureType } from '../../src/fields/field-type.js';
import { integerType } from '../../src/metadata/integer-types.js';
import type { EventClass } from '../../src/metadata/trace-class.js';
import type { HeaderKind } from '../../src/packet/packet-layout.js';
import { PacketReader } from '../../src/packet/packet-reader.js';
import type { PacketInfo } from '../../src/packet/packet-info.js';
import { PacketWriter } from '../../src/packet/packet-writer.js';
import { EVERY_VALUE, examplePackets, exampleTrace } from '../example-trace.js';

/** Times that fit in 27 bits, that wrap exactly, that need whole headers, and that are beyond 53 bits. */
const TICKS = [
  100n,
  101n,
  101n + 2n ** 27n - 1n,
  101n + 2n ** 28n,
  2n ** 32n - 1n,
  2n ** 32n + 5n,
  2n ** 40n,
  2n ** 60n,
];

function readAll(bytes: Uint8Array, kind: HeaderKind) {
  const reader = new PacketReader(exampleTrace(kind).trace);
  const packets: PacketInfo[] = [];
  const events: { name: string; cycles: bigint; fields: unknown }[] = [];
  for (let at = 0; at < bytes.length; at += packets.at(-1)!.packetBits / 8) {
    packets.push(reader.open(bytes.subarray(at)));
    for (const { type, cycles, fields } of reader.events())
      events.push({ name: type.name, cycles, fields });
  }
  return { packets, events };
}

describe.each<HeaderKind>(['compact', 'large'])('packets with %s headers', (kind) => {
  it('are read as they were written, whatever the time between events', () => {
    const { packets, events } = readAll(examplePackets(kind, TICKS), kind);
    expect(events).toEqual([
      ...TICKS.map((cycles, value) => ({ name: 'lab:tick', cycles, fields: { value } })),
      { name: 'lab:every', cycles: TICKS.at(-1), fields: EVERY_VALUE },
      { name: 'lab:tick', cycles: TICKS.at(-1)! + 1n, fields: { value: 99 } },
    ]);
    expect(packets).toMatchObject([
      { timestampBegin: 100n, timestampEnd: TICKS.at(-1), sequence: 0n, cpuId: 3 },
      { sequence: 1n, packetBits: 512 * 8, eventsDiscarded: 0n },
    ]);
  });

  it('are left as they were by an event that does not fit', () => {
    const { trace, stream } = exampleTrace(kind);
    const tick = stream.events.get(0n)!;
    const every = stream.events.get(40n)!;
    const writer = new PacketWriter(trace, stream, kind, 120);
    writer.begin({ timestampBegin: 0n, sequence: 0n, cpuId: 0 });
    expect(writer.write(tick, 1n, { value: 1 })).toBe(true);
    expect(writer.write(every, 2n, EVERY_VALUE)).toBe(false);
    expect(writer.write(tick, 3n, { value: 3 })).toBe(true);
    const bytes = writer.end({ timestampEnd: 3n, eventsDiscarded: 1n }).slice();
    const { events, packets } = readAll(bytes, kind);
    expect(events.map(({ cycles }) => cycles)).toEqual([1n, 3n]);
    expect(packets[0]!.eventsDiscarded).toBe(1n);
  });
});

describe('a packet that is wrong', () => {
  const good = examplePackets('compact', [100n]);
  const open = (change: (bytes: Uint8Array, view: DataView) => Uint8Array | undefined) => {
    const bytes = good.slice();
    const changed = change(bytes, new DataView(bytes.buffer)) ?? bytes;
    const reader = new PacketReader(exampleTrace('compact').trace);
    return () => {
      reader.open(changed);
      return [...reader.events()].length;
    };
  };

  it('is read when nothing is', () => {
    expect(open(() => undefined)()).toBe(2);
  });

  it.each<[string, (bytes: Uint8Array, view: DataView) => Uint8Array | undefined, string]>([
    ['magic', (bytes) => void (bytes[0] = 0), 'ERR_MAGIC'],
    ['uuid', (bytes) => void (bytes[5] = 0xff), 'ERR_UUID'],
    ['stream', (bytes) => void (bytes[20] = 9), 'ERR_STREAM'],
    [
      'content size behind the packet',
      (_, view) => {
        view.setUint32(48, 2 ** 31, true);
        return undefined;
      },
      'ERR_PACKET',
    ],
    [
      'content size inside of the header',
      (_, view) => {
        view.setUint32(48, 8, true);
        return undefined;
      },
      'ERR_PACKET',
    ],
    ['id of an event', (bytes) => void (bytes[84] = 7), 'ERR_EVENT'],
    ['header that is cut', (bytes) => bytes.subarray(0, 30), 'ERR_TRUNCATED'],
    ['event that is cut', (bytes) => bytes.subarray(0, 100), 'ERR_TRUNCATED'],
  ])('in its %s is refused', (_, change, code) => {
    expect(open(change)).toThrow(expect.objectContaining({ code }));
  });

  it('crashes nothing wherever it is cut or changed', () => {
    for (let at = 0; at < good.length; at++) {
      for (const changed of [
        (bytes: Uint8Array) => bytes.subarray(0, at),
        (bytes: Uint8Array) => void (bytes[at]! ^= 0xff),
      ])
        try {
          open(changed)();
        } catch (error) {
          expect(error).toMatchObject({
            code: expect.stringMatching(
              /^ERR_(EVENT|MAGIC|PACKET|STREAM|TRUNCATED|UUID)$/,
            ) as string,
          });
        }
    }
  });
});

describe('a writer of packets', () => {
  const { trace, stream } = exampleTrace('compact');
  const tick = stream.events.get(0n)!;
  const writer = new PacketWriter(trace, stream, 'compact', 256);

  it('refuses a time that goes back, values of other types, and events without a packet', () => {
    const early = new PacketWriter(trace, stream, 'compact', 256);
    expect(() => early.write(tick, 1n, { value: 1 })).toThrow(
      expect.objectContaining({ code: 'ERR_VALUE' }),
    );
    writer.begin({ timestampBegin: 10n, sequence: 0n, cpuId: 0 });
    expect(() => writer.write(tick, 9n, { value: 1 })).toThrow(/at 10 or later, got 9/);
    for (const value of [-1, 2 ** 32, 1.5, 'one'])
      expect(() => writer.write(tick, 11n, { value })).toThrow(
        expect.objectContaining({ code: 'ERR_VALUE' }),
      );
    expect(() => writer.write(tick, 11n, {})).toThrow(/lab:tick\.value to be a value/);
  });

  it('refuses a stream without headers', () => {
    expect(() => new PacketWriter(trace, { id: 0n, events: new Map() }, 'compact', 256)).toThrow(
      expect.objectContaining({ code: 'ERR_TYPE' }),
    );
  });
});

const NUMBERS: StructureType = {
  kind: 'structure',
  minAlignBits: 8,
  fields: [
    { name: 'small', type: integerType(8) },
    { name: 'wide', type: integerType(64, { isSigned: true }) },
    { name: 'real', type: { kind: 'float', sizeBits: 64, alignBits: 8, byteOrder: 'le' } },
    { name: 'three', type: { kind: 'array', length: 3, element: integerType(16) } },
  ],
};

describe('fields that lie in memory as a trace has them', () => {
  const event: EventClass = { id: 0n, name: 'lab:numbers', fields: NUMBERS };
  const bytes = Uint8Array.from({ length: 40 }, (_, n) => 7 * n);
  const view = new DataView(bytes.buffer);
  const from = 5;
  const value = {
    small: view.getUint8(from),
    wide: view.getBigInt64(from + 1, true),
    real: view.getFloat64(from + 9, true),
    three: [17, 19, 21].map((at) => view.getUint16(from + at, true)),
  };

  function packet(kind: HeaderKind, capacity: number, write: (writer: PacketWriter) => unknown) {
    const { trace, stream: example } = exampleTrace(kind);
    const stream = { ...example, events: new Map([[0n, event]]) };
    const writer = new PacketWriter(trace, stream, kind, capacity);
    writer.begin({ timestampBegin: 7n, sequence: 0n, cpuId: 0 });
    const result = write(writer);
    return { result, bytes: writer.end({ timestampEnd: 2n ** 40n, eventsDiscarded: 0n }).slice() };
  }

  it.each<[HeaderKind, number]>([
    ['compact', 9],
    ['compact', 2 ** 30],
    ['large', 9],
    ['large', 2 ** 35],
  ])('are copied as they would be written, %s headers, at %d', (kind, cycles) => {
    expect(laidOutBytes(NUMBERS)).toBe(23);
    for (const capacity of [140, 4096])
      expect(
        packet(kind, capacity, (writer) =>
          writer.event(event).writeLaidOut(cycles, bytes, from, from + 23),
        ),
      ).toEqual(packet(kind, capacity, (writer) => writer.write(event, cycles, value)));
  });

  it('do not fit where written ones do not, and are refused at a time that goes back', () => {
    const small = (writer: PacketWriter) => writer.event(event).writeLaidOut(9, bytes, 0, 23);
    expect(packet('compact', 110, small).result).toBe(false);
    expect(packet('compact', 110, () => false).bytes).toEqual(packet('compact', 110, small).bytes);
    expect(() =>
      packet('compact', 4096, (w) => w.event(event).writeLaidOut(6, bytes, 0, 23)),
    ).toThrow(expect.objectContaining({ code: 'ERR_VALUE' }));
  });

  it('are those of no other size, order or alignment', () => {
    const only = (type: FieldType) =>
      laidOutBytes({ kind: 'structure', minAlignBits: 1, fields: [{ name: 'it', type }] });
    expect(only(integerType(32))).toBe(4);
    expect(only({ kind: 'string', encoding: 'UTF8' })).toBeUndefined();
    expect(only(integerType(32, { byteOrder: 'be' }))).toBeUndefined();
    expect(only(integerType(32, { alignBits: 32 }))).toBeUndefined();
    expect(only(integerType(5, { alignBits: 1 }))).toBeUndefined();
    expect(
      only({ kind: 'array', length: 4, element: integerType(8, { encoding: 'UTF8' }) }),
    ).toBeUndefined();
    expect(only({ kind: 'sequence', length: ['n'], element: integerType(8) })).toBeUndefined();
    expect(laidOutBytes({ ...NUMBERS, minAlignBits: 16 })).toBeUndefined();
  });
});

describe('fields that are whole words', () => {
  const fields: StructureType = {
    kind: 'structure',
    minAlignBits: 8,
    fields: [
      { name: 'first', type: integerType(32) },
      { name: 'second', type: integerType(32, { isSigned: true }) },
    ],
  };
  const byte: StructureType = {
    kind: 'structure',
    minAlignBits: 8,
    fields: [{ name: 'only', type: integerType(8) }],
  };
  const pair: EventClass = { id: 3n, name: 'lab:pair', fields };
  const odd: EventClass = { id: 4n, name: 'lab:odd', fields: byte };
  const far: EventClass = { id: 31n, name: 'lab:far', fields };
  const BEGIN = 2n ** 32n - 20n;
  const words = Int32Array.of(0, -2, 7);
  const values = { first: 2 ** 32 - 2, second: 7 };

  function packet(kind: HeaderKind, capacity: number, write: (writer: PacketWriter) => unknown) {
    const { trace, stream: example } = exampleTrace(kind);
    const events = new Map([pair, odd, far].map((event) => [event.id, event]));
    const writer = new PacketWriter(trace, { ...example, events }, kind, capacity);
    writer.begin({ timestampBegin: BEGIN, sequence: 0n, cpuId: 0 });
    const results = write(writer);
    const bytes = writer.end({ timestampEnd: 2n ** 40n, eventsDiscarded: 0n }).slice();
    return { results, bytes };
  }

  it('are copied as they would be written, event behind event', () => {
    const cycles = Number(BEGIN);
    const copied = packet('compact', 4096, (writer) => [
      writer.event(pair).writeWords(0, words, 1, 2),
      writer.event(pair).writeWords(9, words, 1, 2),
      writer.write(pair, cycles + 11, values),
      writer.event(pair).writeWords(2, words, 1, 2),
    ]);
    const written = packet('compact', 4096, (writer) =>
      [0, 9, 11, 13].map((gap) => writer.write(pair, cycles + gap, values)),
    );
    expect(copied).toEqual(written);
  });

  it.each<[string, HeaderKind, number, (writer: PacketWriter) => boolean]>([
    ['large headers', 'large', 4096, (w) => w.event(pair).writeWords(0, words, 1, 2)],
    ['a long gap', 'compact', 4096, (w) => w.event(pair).writeWords(2 ** 27, words, 1, 2)],
    ['a time that goes back', 'compact', 4096, (w) => w.event(pair).writeWords(-1, words, 1, 2)],
    ['a low word that wraps', 'compact', 4096, (w) => w.event(pair).writeWords(20, words, 1, 2)],
    ['a large id', 'compact', 4096, (w) => w.event(far).writeWords(0, words, 1, 2)],
    ['no room', 'compact', 95, (w) => w.event(pair).writeWords(0, words, 1, 2)],
  ])('are left to the others at %s', (_, kind, capacity, write) => {
    expect(packet(kind, capacity, write)).toEqual(packet(kind, capacity, () => false));
  });

  it('are left to the others behind an event that ends between words', () => {
    const first = (writer: PacketWriter) => writer.write(odd, BEGIN, { only: 1 });
    const then = (writer: PacketWriter) => [
      first(writer),
      writer.event(pair).writeWords(1, words, 1, 2),
    ];
    expect(packet('compact', 4096, then)).toEqual(
      packet('compact', 4096, (writer) => [first(writer), false]),
    );
  });
});
