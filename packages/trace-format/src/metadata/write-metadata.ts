import type { StructureType } from '../fields/field-type.js';
import type { ClockClass, EventClass, StreamClass, TraceClass } from './trace-class.js';
import { quoted, typeText } from './write-type.js';

const FORMAT_NAMES = { underscore: false };
const PAYLOAD_NAMES = { underscore: true };

/**
 * Metadata of a trace as text, in the Trace Stream Description Language of CTF 1.8.
 *
 * @source CTF 1.8, 7 and C
 */
export function metadataText(trace: TraceClass): string {
  return [
    '/* CTF 1.8 */\n',
    traceText(trace),
    environmentText(trace),
    ...[...trace.clocks.values()].map(clockText),
    ...[...trace.streams.values()].flatMap((stream) => [
      streamText(stream),
      ...[...stream.events.values()].map((event) => eventText(stream, event)),
    ]),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function traceText({ major, minor, uuid, byteOrder, packetHeader }: TraceClass): string {
  return block('trace', [
    `major = ${major};`,
    `minor = ${minor};`,
    ...(uuid === undefined ? [] : [`uuid = ${quoted(uuid)};`]),
    `byte_order = ${byteOrder};`,
    ...structure('packet.header', packetHeader, FORMAT_NAMES),
  ]);
}

function environmentText({ environment }: TraceClass): string {
  if (environment.size === 0) return '';
  const lines = [...environment].map(
    ([name, value]) => `${name} = ${typeof value === 'string' ? quoted(value) : value};`,
  );
  return block('env', lines);
}

function clockText(clock: ClockClass): string {
  return block('clock', [
    `name = ${quoted(clock.name)};`,
    ...(clock.uuid === undefined ? [] : [`uuid = ${quoted(clock.uuid)};`]),
    ...(clock.description === undefined ? [] : [`description = ${quoted(clock.description)};`]),
    `freq = ${clock.frequencyHz};`,
    `precision = ${clock.precisionCycles};`,
    `offset_s = ${clock.offsetSeconds};`,
    `offset = ${clock.offsetCycles};`,
    `absolute = ${clock.isAbsolute ? 'TRUE' : 'FALSE'};`,
  ]);
}

function streamText({ id, packetContext, eventHeader, eventContext }: StreamClass): string {
  return block('stream', [
    `id = ${id};`,
    ...structure('event.header', eventHeader, FORMAT_NAMES),
    ...structure('packet.context', packetContext, FORMAT_NAMES),
    ...structure('event.context', eventContext, PAYLOAD_NAMES),
  ]);
}

function eventText(stream: StreamClass, event: EventClass): string {
  return block('event', [
    `name = ${quoted(event.name)};`,
    `id = ${event.id};`,
    `stream_id = ${stream.id};`,
    ...(event.logLevel === undefined ? [] : [`loglevel = ${event.logLevel};`]),
    ...structure('context', event.context, PAYLOAD_NAMES),
    ...structure('fields', event.fields, PAYLOAD_NAMES),
  ]);
}

function structure(
  name: string,
  type: StructureType | undefined,
  style: { readonly underscore: boolean },
): string[] {
  return type === undefined ? [] : [`${name} := ${typeText(type, style, '\t')};`];
}

function block(name: string, lines: readonly string[]): string {
  return `${name} {\n${lines.map((line) => `\t${line}\n`).join('')}};\n`;
}
