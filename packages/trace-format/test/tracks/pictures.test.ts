import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { integerType } from '../../src/metadata/integer-types.js';
import type { EventClass, StreamClass, TraceClass } from '../../src/metadata/trace-class.js';
import { PacketWriter } from '../../src/packet/packet-writer.js';
import type { FieldType } from '../../src/fields/field-type.js';
import type { StructureValue } from '../../src/fields/field-value.js';
import { memorySource } from '../../src/stream/byte-source.js';
import { dataStreams } from '../../src/stream/data-stream.js';
import { mergeEvents } from '../../src/stream/merge-events.js';
import { ChromeWriter } from '../../src/tracks/chrome-writer.js';
import { PerfettoWriter } from '../../src/tracks/perfetto-writer.js';
import { TrackBuilder } from '../../src/tracks/track-builder.js';
import type { Track, TrackEvent } from '../../src/tracks/track-event.js';
import { TRACE } from '../tick-trace.js';

const structure = (fields: Readonly<Record<string, FieldType>>) =>
  ({
    kind: 'structure',
    minAlignBits: 1,
    fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
  }) as const;

const u32 = integerType(32);
const s64 = integerType(64, { isSigned: true });
const u64 = integerType(64);
const text = { kind: 'string', encoding: 'UTF8' } as const;

const KINDS: Readonly<Record<string, EventClass['fields']>> = {
  'lab:outer_begin': structure({ depth: u32 }),
  'lab:inner_begin': undefined,
  'lab:inner_end': undefined,
  'lab:outer_end': structure({ result: s64 }),
  'lab:mark': structure({
    large: u64,
    small: s64,
    half: { kind: 'float', sizeBits: 64, alignBits: 8, byteOrder: 'le' },
    list: { kind: 'array', length: 2, element: u32 },
    inner: structure({ x: u32 }),
  }),
  sched_switch: structure({ prev_tid: u32, next_comm: text, next_tid: u32 }),
};

const events = Object.entries(KINDS).map(([name, fields], n): EventClass => ({
  id: BigInt(n),
  name,
  ...(name !== 'sched_switch' && { context: structure({ vpid: u32, vtid: u32, procname: text }) }),
  ...(fields && { fields }),
}));

/** The track events of events that are recorded 10 ns apart on CPU 2. */
function built(
  recorded: readonly (readonly [name: string, fields?: StructureValue, vtid?: number])[],
  kinds: readonly EventClass[] = events,
) {
  const stream: StreamClass = {
    ...TRACE.streams.get(0n)!,
    events: new Map(kinds.map((event) => [event.id, event])),
  };
  const trace: TraceClass = { ...TRACE, streams: new Map([[0n, stream]]) };
  const writer = new PacketWriter(trace, stream, 'compact', 65536);
  writer.begin({ timestampBegin: 0n, sequence: 0n, cpuId: 2 });
  for (const [n, [name, fields = {}, vtid = 7]] of recorded.entries())
    writer.write(
      kinds.find((event) => event.name === name)!,
      n * 10,
      fields,
      {
        vpid: 5,
        vtid,
        procname: 'program',
      },
    );
  const end = BigInt(recorded.length * 10);
  const bytes = writer.end({ timestampEnd: end, eventsDiscarded: 0n }).slice();
  const tracks: Track[] = [];
  const made: TrackEvent[] = [];
  const builder = new TrackBuilder(
    (track) => tracks.push(track),
    (event) => made.push(event),
  );
  const streams = dataStreams(trace, [memorySource('s', bytes)]);
  for (const event of mergeEvents([{ trace, streams }])) builder.take(event);
  builder.end();
  return {
    tracks,
    made,
    lines: made.map(({ kind, track, timeNs, name }) => `${timeNs} ${track.name} ${kind} ${name}`),
  };
}

const BEGIN_OUTER = ['lab:outer_begin', { depth: 1 }] as const;
const END_OUTER = ['lab:outer_end', { result: -1 }] as const;
const MARK = [
  'lab:mark',
  { large: 2n ** 63n, small: -5, half: 0.5, list: [1, 2], inner: { x: 3 } },
] as const;

describe('a picture of a trace', () => {
  it('has slices of what begins and ends on a thread, strictly nested, and moments of the rest', () => {
    const { lines, tracks } = built([
      BEGIN_OUTER,
      ['lab:inner_begin'],
      MARK,
      ['lab:inner_end'],
      END_OUTER,
    ]);
    expect(lines).toEqual([
      '0 program 7 begin outer',
      '10 program 7 begin inner',
      '20 program 7 instant mark',
      '30 program 7 end inner',
      '40 program 7 end outer',
    ]);
    expect(tracks).toMatchObject([{ pid: 5, tid: 7 }]);
  });

  it('ends what is inside of a slice with it, what is open with the trace, and begins nothing at an end', () => {
    expect(
      built([['lab:inner_end'], BEGIN_OUTER, ['lab:inner_begin'], END_OUTER, BEGIN_OUTER]).lines,
    ).toEqual([
      '0 program 7 instant inner_end',
      '10 program 7 begin outer',
      '20 program 7 begin inner',
      '30 program 7 end inner',
      '30 program 7 end outer',
      '40 program 7 begin outer',
      '40 program 7 end outer',
    ]);
  });

  it('keeps threads apart', () => {
    const { lines } = built([BEGIN_OUTER, ['lab:inner_begin', {}, 8], END_OUTER]);
    expect(lines.slice(0, 3)).toEqual([
      '0 program 7 begin outer',
      '10 program 8 begin inner',
      '20 program 7 end outer',
    ]);
  });

  it('lists a thread under itself where nothing tells its process', () => {
    const only = { context: structure({ vtid: u32 }) };
    const { tracks } = built(
      [BEGIN_OUTER, ['lab:outer_end', { result: 1 }, 5]],
      events.map((event) => ({ ...event, ...only })),
    );
    expect(tracks).toMatchObject([
      { name: 'thread 7', group: 'thread 7' },
      { name: 'thread 5', group: 'thread 5' },
    ]);
    expect(built([BEGIN_OUTER]).tracks).toMatchObject([{ name: 'program 7', group: 'process 5' }]);
  });

  it('shows which thread a CPU runs, and when it idles', () => {
    const to = (next_tid: number, next_comm = `t${next_tid}`) =>
      ['sched_switch', { prev_tid: 0, next_comm, next_tid }] as const;
    const { lines, tracks } = built([to(1), to(2, ''), to(0), to(3)]);
    expect(lines).toEqual([
      '0 CPU 2 begin t1',
      '10 CPU 2 end t1',
      '10 CPU 2 begin thread 2',
      '20 CPU 2 end thread 2',
      '30 CPU 2 begin t3',
      '30 CPU 2 end t3',
    ]);
    expect(tracks).toMatchObject([{ name: 'CPU 2', pid: undefined }]);
  });
});

describe('JSON for Chrome', () => {
  it('is one document with times in microseconds from the first event', () => {
    const { tracks, made } = built([BEGIN_OUTER, MARK, END_OUTER]);
    const writer = new ChromeWriter();
    const json = [
      writer.begin(),
      ...tracks.map((track) => writer.track(track)),
      ...made.map((event) => writer.event(event)),
      writer.end(),
    ].join('');
    const { traceEvents, otherData } = JSON.parse(json) as {
      traceEvents: Record<string, unknown>[];
      otherData: unknown;
    };
    expect(otherData).toEqual({ originNs: '0' });
    expect(traceEvents).toMatchObject([
      { ph: 'M', name: 'process_name', pid: 5, tid: 7, args: { name: 'process 5' } },
      { ph: 'M', name: 'thread_name', args: { name: 'program 7' } },
      { ph: 'B', name: 'outer', cat: 'lab', ts: 0, pid: 5, tid: 7, args: { depth: 1, vtid: 7 } },
      {
        ph: 'i',
        ts: 0.01,
        s: 't',
        args: { large: '9223372036854775808', small: -5, half: 0.5, list: [1, 2], inner: { x: 3 } },
      },
      { ph: 'E', ts: 0.02, args: { result: -1 } },
    ]);
  });
});

/** A message as its fields by number, read with nothing but the encoding. */
type Message = Readonly<Record<number, readonly (bigint | number | Uint8Array)[]>>;

function decoded(bytes: Uint8Array): Message {
  const reader = new BinaryReader(bytes);
  const message: Record<number, (bigint | number | Uint8Array)[]> = {};
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const value =
      type === WireType.Varint
        ? BigInt(reader.int64())
        : type === WireType.Bit64
          ? reader.double()
          : reader.bytes();
    (message[field] ??= []).push(value);
  }
  return message;
}

const inside = (message: Message, ...path: readonly number[]): Message =>
  path.reduce((at, field) => decoded(at[field]![0] as Uint8Array), message);
const textOf = (value: unknown): string => new TextDecoder().decode(value as Uint8Array);

describe('a trace for Perfetto', () => {
  const { tracks, made } = built([BEGIN_OUTER, MARK, END_OUTER]);
  const writer = new PerfettoWriter();
  const described = decoded(writer.track(tracks[0]!))[1]!.map((bytes) =>
    decoded(bytes as Uint8Array),
  );
  const [begin, mark, end] = made.map((event) => inside(decoded(writer.event(event)), 1));

  // Numbers of fields are those of trace_packet.proto, track_descriptor.proto, track_event.proto and
  // debug_annotation.proto.
  it('describes processes once, and threads inside of them', () => {
    const [process, thread] = described.map((packet) => inside(packet, 60));
    expect(inside(process!, 3)[1]).toEqual([5n]);
    expect(thread![1]).toEqual([1n]);
    expect(thread![5]).toEqual(process![1]);
    expect(inside(thread!, 4)).toMatchObject({ 1: [5n], 2: [7n] });
    expect(textOf(inside(thread!, 4)[5]![0])).toBe('program 7');
    const again = writer.track({ ...tracks[0]!, id: 2, tid: 8 });
    expect(decoded(again)[1]).toHaveLength(1);
  });

  it('has a packet with time, sequence, track, type and name for each event', () => {
    expect(begin).toMatchObject({ 8: [0n], 10: [1n] });
    expect(mark).toMatchObject({ 8: [10n] });
    expect([begin, mark, end].map((packet) => inside(packet!, 11)[9])).toEqual([[1n], [3n], [2n]]);
    expect(inside(begin!, 11)[11]).toEqual([1n]);
    expect(textOf(inside(begin!, 11)[23]![0])).toBe('outer');
    expect(textOf(inside(begin!, 11)[22]![0])).toBe('lab');
    expect(inside(end!, 11)[23]).toBeUndefined();
  });

  it('tells fields as annotations, numbers by their sign and size, structures as entries', () => {
    const notes = new Map(
      inside(mark!, 11)[4]!.map((bytes) => {
        const note = decoded(bytes as Uint8Array);
        return [textOf(note[10]![0]), note];
      }),
    );
    expect(notes.get('large')![3]!.map((value) => BigInt.asUintN(64, value as bigint))).toEqual([
      2n ** 63n,
    ]);
    expect(notes.get('small')![4]).toEqual([-5n]);
    expect(notes.get('half')![5]).toEqual([0.5]);
    expect(textOf(notes.get('procname')![6]![0])).toBe('program');
    expect(notes.get('list')![12]!.map((bytes) => decoded(bytes as Uint8Array)[4])).toEqual([
      [1n],
      [2n],
    ]);
    const entry = inside(notes.get('inner')!, 11);
    expect([textOf(entry[10]![0]), entry[4]]).toEqual(['x', [3n]]);
  });
});
