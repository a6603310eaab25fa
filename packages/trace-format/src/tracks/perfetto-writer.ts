import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { FieldValue, StructureValue, VariantValue } from '../fields/field-value.js';
import { plainValue } from './track-builder.js';
import type { Track, TrackEvent } from './track-event.js';

/** Numbers of fields. @source Perfetto, `trace_packet.proto` and `track_event/*.proto` */
const TRACE = { packet: 1 } as const;
const PACKET = { timestamp: 8, sequenceId: 10, trackEvent: 11, trackDescriptor: 60 } as const;
const EVENT = { annotations: 4, type: 9, trackUuid: 11, categories: 22, name: 23 } as const;
const DESCRIPTOR = { uuid: 1, name: 2, process: 3, thread: 4, parentUuid: 5 } as const;
const PROCESS = { pid: 1, name: 6 } as const;
const THREAD = { pid: 1, tid: 2, name: 5 } as const;
const ANNOTATION = {
  uint: 3,
  int: 4,
  double: 5,
  text: 6,
  name: 10,
  entries: 11,
  values: 12,
} as const;

const TYPES = { begin: 1, end: 2, instant: 3 } as const;

/** The only writer of the trace. */
const SEQUENCE_ID = 1;

/** Processes have tracks of their own, with numbers behind those of all others. */
const FIRST_PROCESS_UUID = 1n << 40n;

/** Most int64 values. */
const MOST_SIGNED = (1n << 63n) - 1n;

/** Writes tracks and their events as packets of a Perfetto trace, which can be put one behind the other. */
export class PerfettoWriter {
  readonly #processes = new Set<number>();

  /** The packets that describe a track. */
  track({ id, name, group, pid, tid }: Track): Uint8Array {
    const writer = new BinaryWriter();
    if (pid !== undefined && !this.#processes.has(pid)) {
      this.#processes.add(pid);
      packet(writer, undefined, () => {
        message(writer, PACKET.trackDescriptor, () => {
          number(writer, DESCRIPTOR.uuid, processUuid(pid));
          message(writer, DESCRIPTOR.process, () => {
            number(writer, PROCESS.pid, pid);
            text(writer, PROCESS.name, group);
          });
        });
      });
    }
    packet(writer, undefined, () => {
      message(writer, PACKET.trackDescriptor, () => {
        number(writer, DESCRIPTOR.uuid, id);
        text(writer, DESCRIPTOR.name, name);
        if (pid === undefined || tid === undefined) return;
        number(writer, DESCRIPTOR.parentUuid, processUuid(pid));
        message(writer, DESCRIPTOR.thread, () => {
          number(writer, THREAD.pid, pid);
          number(writer, THREAD.tid, tid);
          text(writer, THREAD.name, name);
        });
      });
    });
    return writer.finish();
  }

  /** The packet of an event. */
  event({ kind, track, timeNs, name, category, details }: TrackEvent): Uint8Array {
    const writer = new BinaryWriter();
    packet(writer, timeNs, () => {
      message(writer, PACKET.trackEvent, () => {
        number(writer, EVENT.type, TYPES[kind]);
        number(writer, EVENT.trackUuid, track.id);
        if (kind !== 'end') {
          if (category !== '') text(writer, EVENT.categories, category);
          text(writer, EVENT.name, name);
        }
        for (const [field, value] of details)
          message(writer, EVENT.annotations, () => {
            annotation(writer, field, value);
          });
      });
    });
    return writer.finish();
  }
}

function processUuid(pid: number): bigint {
  return FIRST_PROCESS_UUID + BigInt(pid >>> 0);
}

function packet(writer: BinaryWriter, timeNs: bigint | undefined, data: () => void): void {
  message(writer, TRACE.packet, () => {
    if (timeNs !== undefined) number(writer, PACKET.timestamp, BigInt.asUintN(64, timeNs));
    number(writer, PACKET.sequenceId, SEQUENCE_ID);
    data();
  });
}

function message(writer: BinaryWriter, field: number, content: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  content();
  writer.join();
}

function number(writer: BinaryWriter, field: number, value: number | bigint): void {
  writer.tag(field, WireType.Varint).uint64(value < 0 ? BigInt.asUintN(64, BigInt(value)) : value);
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function annotation(writer: BinaryWriter, name: string | undefined, value: FieldValue): void {
  if (name !== undefined) text(writer, ANNOTATION.name, name);
  const plain = plainValue(value);
  if (plain === undefined) nested(writer, value);
  else if (typeof plain === 'string') text(writer, ANNOTATION.text, plain);
  else if (typeof plain === 'number' && !Number.isSafeInteger(plain))
    writer.tag(ANNOTATION.double, WireType.Bit64).double(plain);
  else number(writer, plain > MOST_SIGNED ? ANNOTATION.uint : ANNOTATION.int, plain);
}

function nested(writer: BinaryWriter, value: FieldValue): void {
  const isList = Array.isArray(value);
  const entries: readonly (readonly [string | undefined, FieldValue])[] = isList
    ? (value as readonly FieldValue[]).map((each) => [undefined, each])
    : isVariant(value)
      ? [[value.option, value.value]]
      : Object.entries(value as StructureValue);
  for (const [name, each] of entries)
    message(writer, isList ? ANNOTATION.values : ANNOTATION.entries, () => {
      annotation(writer, name, each);
    });
}

function isVariant(value: FieldValue): value is VariantValue {
  return typeof value === 'object' && 'option' in value && typeof value.option === 'string';
}
