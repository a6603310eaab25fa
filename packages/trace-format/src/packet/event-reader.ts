import type { BitReader } from '../bits/bit-reader.js';
import type { EventClass, StreamClass } from '../metadata/trace-class.js';
import { TraceFormatError } from '../trace-format-error.js';
import { wideOf } from '../fields/wide-integer.js';
import type { StructureValue, VariantValue } from '../fields/field-value.js';
import type { ScopeValues } from '../fields/scope.js';
import type { PacketInfo } from './packet-info.js';
import type { ScopeReaders } from './scope-readers.js';
import type { StreamClock } from './stream-clock.js';

/** An event as it was recorded. */
export interface TraceEvent {
  readonly type: EventClass;
  readonly packet: PacketInfo;
  /** Time in cycles of the stream's clock; 0 of a stream without one. */
  readonly cycles: bigint;
  readonly header: StructureValue;
  /** Context of all events of the stream, and of this kind of event. */
  readonly streamContext: StructureValue | undefined;
  readonly context: StructureValue | undefined;
  readonly fields: StructureValue | undefined;
}

/** Reads the events of a stream. @source CTF 1.8, 6 */
export class EventReader {
  readonly #scopes: ScopeReaders;
  readonly #only: bigint | undefined;

  constructor(stream: StreamClass, scopes: ScopeReaders) {
    this.#scopes = scopes;
    this.#only = stream.events.size === 1 ? [...stream.events.keys()][0] : undefined;
  }

  /** Reads the event at the reader's position. */
  read(reader: BitReader, values: ScopeValues, clock: StreamClock, packet: PacketInfo): TraceEvent {
    const { roots } = values;
    const begin = reader.position;
    const header = this.#scopes.eventHeader?.(reader, values) ?? {};
    roots['stream.event.header'] = header;
    const id = idOf(header) ?? this.#only;
    const event = id === undefined ? undefined : this.#scopes.event(id);
    if (event === undefined)
      throw new TraceFormatError(
        'ERR_PACKET',
        `expected an event of stream ${packet.stream.id} at bit ${begin}, got the id ${id}`,
        { bit: begin },
      );
    const streamContext = this.#scopes.eventContext?.(reader, values);
    if (streamContext !== undefined) roots['stream.event.context'] = streamContext;
    const context = event.context?.(reader, values);
    if (context !== undefined) roots['event.context'] = context;
    const fields = event.fields?.(reader, values);
    if (reader.position === begin)
      throw new TraceFormatError(
        'ERR_PACKET',
        `expected an event of at least one bit at bit ${begin}, got ${event.type.name} of none`,
        { bit: begin },
      );
    const { cycles } = clock;
    return { type: event.type, packet, cycles, header, streamContext, context, fields };
  }
}

/** The id in a header: that of the variant `v`, where it is the extended one; else its own. */
function idOf(header: StructureValue): bigint | undefined {
  const variant = header['v'] as VariantValue | undefined;
  const extended = (variant?.value as StructureValue | undefined)?.['id'];
  return wideOf(extended ?? header['id']);
}
