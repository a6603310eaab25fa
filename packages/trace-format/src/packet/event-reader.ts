import type { BitReader } from '../bits/bit-reader.js';
import type { StreamClass } from '../metadata/trace-class.js';
import { TraceFormatError } from '../trace-format-error.js';
import { wideOf } from '../fields/wide-integer.js';
import type { StructureValue, VariantValue } from '../fields/field-value.js';
import type { ScopeValues } from '../fields/scope.js';
import type { PacketInfo } from './packet-info.js';
import { EventHeaderReader } from './event-header.js';
import type { EventScopes, ScopeReaders } from './scope-readers.js';
import type { StreamClock } from './stream-clock.js';
import { TraceEvent } from './trace-event.js';

/** Events with ids below this are found in an array. */
const FEW_IDS = 65536;

/** Reads the events of a stream. @source CTF 1.8, 6 */
export class EventReader {
  readonly #scopes: ScopeReaders;
  readonly #only: bigint | undefined;
  readonly #header: EventHeaderReader | undefined;
  readonly #byId: (EventScopes | undefined)[] = [];

  constructor(stream: StreamClass, scopes: ScopeReaders) {
    this.#scopes = scopes;
    this.#only = stream.events.size === 1 ? [...stream.events.keys()][0] : undefined;
    if (!scopes.refersToHeaders) this.#header = EventHeaderReader.of(stream.eventHeader);
    for (const id of stream.events.keys())
      if (id < FEW_IDS) this.#byId[Number(id)] = scopes.event(id);
  }

  /** Reads the event at the reader's position. */
  read(reader: BitReader, values: ScopeValues, clock: StreamClock, packet: PacketInfo): TraceEvent {
    const { roots } = values;
    const begin = reader.position;
    values.elementsLeft = reader.limit;
    let header: StructureValue | undefined;
    let event: EventScopes | undefined;
    if (this.#header?.read(reader, clock) === true)
      event = this.#find(this.#header.id, packet, begin);
    else {
      header = this.#scopes.eventHeader?.(reader, values) ?? {};
      roots['stream.event.header'] = header;
      event = this.#find(idOf(header) ?? this.#only, packet, begin);
    }
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

  #find(id: number | bigint | undefined, packet: PacketInfo, begin: number): EventScopes {
    const event =
      typeof id === 'number' && id < FEW_IDS
        ? this.#byId[id]
        : id === undefined
          ? undefined
          : this.#scopes.event(BigInt(id));
    if (event !== undefined) return event;
    throw new TraceFormatError(
      'ERR_EVENT',
      `expected an event of stream ${packet.stream.id} at bit ${begin}, got the id ${id}`,
      { bit: begin },
    );
  }
}

/** The id in a header: that of the variant `v`, where it is the extended one; else its own. */
function idOf(header: StructureValue): bigint | undefined {
  const variant = header['v'] as VariantValue | undefined;
  const extended = (variant?.value as StructureValue | undefined)?.['id'];
  return wideOf(extended ?? header['id']);
}
