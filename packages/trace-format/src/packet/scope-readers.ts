import type { BitReader } from '../bits/bit-reader.js';
import type { EventClass, StreamClass, TraceClass } from '../metadata/trace-class.js';
import { compileScope } from '../fields/compile-reader.js';
import type { FieldType, StructureType } from '../fields/field-type.js';
import type { StructureValue } from '../fields/field-value.js';
import type { Scope, ScopeValues } from '../fields/scope.js';

/** Reads all fields of a scope. */
export type ScopeReader = (reader: BitReader, values: ScopeValues) => StructureValue;

/** Readers of what an event has of its own. */
export interface EventScopes {
  readonly type: EventClass;
  readonly context: ScopeReader | undefined;
  readonly fields: ScopeReader | undefined;
}

/** The compiled readers of a stream's scopes, each of which may look into those before it. */
export class ScopeReaders {
  readonly packetContext: ScopeReader | undefined;
  readonly eventHeader: ScopeReader | undefined;
  readonly eventContext: ScopeReader | undefined;
  /** Whether lengths or tags lie in event headers. */
  readonly refersToHeaders: boolean;
  readonly #roots: Partial<Record<Scope, StructureType>>;
  readonly #events = new Map<bigint, EventScopes>();

  /** @throws TraceFormatError `ERR_METADATA` for a length or tag that cannot be found */
  constructor(trace: TraceClass, stream: StreamClass) {
    this.#roots = {};
    this.#add('trace.packet.header', trace.packetHeader);
    this.packetContext = this.#add('stream.packet.context', stream.packetContext);
    this.eventHeader = this.#add('stream.event.header', stream.eventHeader);
    this.eventContext = this.#add('stream.event.context', stream.eventContext);
    for (const [id, type] of stream.events)
      this.#events.set(id, {
        type,
        context: this.#add('event.context', type.context),
        fields: this.#add('event.fields', type.fields),
      });
    const types = [...stream.events.values()].flatMap(({ context, fields }) => [context, fields]);
    this.refersToHeaders = [stream.eventContext, ...types].some(
      (type) => type !== undefined && refersTo(type, 'stream.event.header'),
    );
  }

  /** Reader of the packet header, which comes before one knows the stream. */
  static packetHeader({ packetHeader }: TraceClass): ScopeReader | undefined {
    return packetHeader && compileScope(packetHeader, {}, 'trace.packet.header');
  }

  /** What the event with an id consists of. */
  event(id: bigint): EventScopes | undefined {
    return this.#events.get(id);
  }

  #add(scope: Scope, type: StructureType | undefined): ScopeReader | undefined {
    if (type === undefined) {
      Reflect.deleteProperty(this.#roots, scope);
      return undefined;
    }
    const reader = compileScope(type, { ...this.#roots }, scope);
    this.#roots[scope] = type;
    return reader;
  }
}

/** Whether a length or tag of a type lies in a scope. */
function refersTo(type: FieldType, scope: Scope): boolean {
  switch (type.kind) {
    case 'structure':
      return type.fields.some((field) => refersTo(field.type, scope));
    case 'variant':
      return type.tag[0] === scope || type.options.some((each) => refersTo(each.type, scope));
    case 'array':
      return refersTo(type.element, scope);
    case 'sequence':
      return type.length[0] === scope || refersTo(type.element, scope);
    case 'integer':
    case 'float':
    case 'enumeration':
    case 'string':
      return false;
  }
}
