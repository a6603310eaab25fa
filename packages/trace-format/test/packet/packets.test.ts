import { describe, expect, it } from 'vitest';
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
