import type { BitReader } from '../bits/bit-reader.js';
import type { StreamClass } from '../metadata/trace-class.js';
import { TraceFormatError } from '../trace-format-error.js';
import { wideOf } from '../fields/wide-integer.js';
import type { StructureValue, VariantValue } from '../fields/field-value.js';
import type { ScopeValues } from '../fields/scope.js';
import type { PacketInfo } from './packet-info.js';
import type { ScopeReaders } from './scope-readers.js';
import type { StreamClock } from './stream-clock.js';
import { TraceEvent } from './trace-event.js';

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
        'ERR_EVENT',
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
        'ERR_EVENT',
        `expected an event of at least one bit at bit ${begin}, got ${event.type.name} of none`,
        { bit: begin },
      );
    return new TraceEvent(
      event.type,
      packet,
      clock.low,
      clock.high,
      header,
      streamContext,
      context,
      fields,
    );
  }
}

/** The id in a header: that of the variant `v`, where it is the extended one; else its own. */
function idOf(header: StructureValue): bigint | undefined {
  const variant = header['v'] as VariantValue | undefined;
  const extended = (variant?.value as StructureValue | undefined)?.['id'];
  return wideOf(extended ?? header['id']);
}
