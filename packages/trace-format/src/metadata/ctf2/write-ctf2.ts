import type { StructureType } from '../../fields/field-type.js';
import type { Scope } from '../../fields/scope.js';
import { clockOfStream } from '../../stream/clock-time.js';
import type { ClockClass, EventClass, StreamClass, TraceClass } from '../trace-class.js';
import { jsonSequence } from './json-sequence.js';
import type { Json } from './json-sequence.js';
import { scopeFieldClass } from './write-field-class.js';

/**
 * Metadata of a trace as CTF 2 has it: a sequence of JSON texts. Data streams are the same as those of CTF 1.8.
 *
 * @throws TraceFormatError `ERR_TYPE` for lengths and tags that lie nowhere
 * @source CTF2-SPEC-2.0
 */
export function ctf2MetadataText(trace: TraceClass): string {
  return jsonSequence([
    {
      type: 'preamble',
      version: 2,
      ...(trace.uuid !== undefined && { uuid: uuidBytes(trace.uuid) }),
    },
    {
      type: 'trace-class',
      environment: Object.fromEntries(trace.environment),
      ...scope(new Map(), 'packet-header-field-class', 'trace.packet.header', trace.packetHeader),
    },
    ...[...trace.clocks.values()].map(clockFragment),
    ...[...trace.streams.values()].flatMap((stream) => streamFragments(trace, stream)),
  ]);
}

function clockFragment(clock: ClockClass): Json {
  return {
    type: 'clock-class',
    id: clock.name,
    name: clock.name,
    ...(clock.uuid !== undefined && { uid: clock.uuid }),
    ...(clock.description !== undefined && { description: clock.description }),
    frequency: clock.frequencyHz,
    precision: clock.precisionCycles,
    'offset-from-origin': { seconds: clock.offsetSeconds, cycles: clock.offsetCycles },
    ...(clock.isAbsolute && { origin: 'unix-epoch' }),
  };
}

function streamFragments(trace: TraceClass, stream: StreamClass): Json[] {
  const roots = new Map<Scope, StructureType>();
  if (trace.packetHeader) roots.set('trace.packet.header', trace.packetHeader);
  const clock = clockOfStream(trace, stream);
  const { id, packetContext, eventHeader, eventContext } = stream;
  const fragment: Json = {
    type: 'data-stream-class',
    id,
    ...(clock !== undefined && { 'default-clock-class-id': clock.name }),
    ...scope(roots, 'packet-context-field-class', 'stream.packet.context', packetContext),
    ...scope(roots, 'event-record-header-field-class', 'stream.event.header', eventHeader),
    ...scope(
      roots,
      'event-record-common-context-field-class',
      'stream.event.context',
      eventContext,
    ),
  };
  return [fragment, ...[...stream.events.values()].map((event) => eventFragment(id, event, roots))];
}

function eventFragment(
  streamId: bigint,
  { id, name, logLevel, context, fields }: EventClass,
  roots: ReadonlyMap<Scope, StructureType>,
): Json {
  const own = new Map(roots);
  return {
    type: 'event-record-class',
    id,
    'data-stream-class-id': streamId,
    name,
    ...(logLevel !== undefined && { attributes: { [LOG_LEVEL]: logLevel } }),
    ...scope(own, 'specific-context-field-class', 'event.context', context),
    ...scope(own, 'payload-field-class', 'event.fields', fields),
  };
}

/** Under which name log levels are attributes. */
export const LOG_LEVEL = 'rseqlab,log-level';

/** A scope as a member of its fragment, after which others may look into it. */
function scope(
  roots: Map<Scope, StructureType>,
  member: string,
  name: Scope,
  type: StructureType | undefined,
): Readonly<Record<string, Json>> {
  if (type === undefined) return {};
  const json = scopeFieldClass(name, type, roots);
  roots.set(name, type);
  return { [member]: json };
}

function uuidBytes(uuid: string): number[] {
  return (uuid.replaceAll('-', '').match(/../g) ?? []).map((hex) => parseInt(hex, 16));
}
