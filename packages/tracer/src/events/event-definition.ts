import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { EventClass, NamedField, StructureType, StructureValue } from '@rseqlab/trace-format';
import { TracerError } from '../tracer-error.js';
import type { Field, ValueOf } from './field.js';
import { LogLevel } from './log-level.js';
import type { PayloadReader } from './payload-reader.js';
import type { PayloadWriter } from './payload-writer.js';

/** Fields by name, in their order in the record. */
export type EventFields = Readonly<Record<string, Field<never>>>;

/** The values that an event with these fields is recorded with. */
export type EventValues<Fields extends EventFields> = {
  readonly [Name in keyof Fields]: ValueOf<Fields[Name]>;
};

/** What an event is defined with. */
export interface EventOptions<Fields extends EventFields> {
  /** Default none. */
  readonly fields?: Fields;
  /** Default `DEBUG_LINE`, as in LTTng. */
  readonly logLevel?: LogLevel;
}

/** An event that programs can record; made by {@link defineEvent}. */
export interface EventDefinition<Fields extends EventFields = EventFields> {
  /** `provider:name`. */
  readonly name: string;
  readonly logLevel: LogLevel;
  readonly fields: Fields;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*:[A-Za-z_][A-Za-z0-9_]*$/;
const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Longest name of an event. @source lttng-ust, LTTNG_UST_ABI_SYM_NAME_LEN */
const MAX_NAME = 255;

/**
 * Defines an event.
 *
 * @param name provider and name: two identifiers with a colon between them
 * @throws TracerError `ERR_EVENT` for another name; `ERR_FIELD` for a field whose name is no identifier,
 *   or that is no field
 * @example
 * ```ts
 * const request = defineEvent('shop:request', { fields: { id: u32(), path: text() } });
 * ```
 */
export function defineEvent<const Fields extends EventFields = Record<string, never>>(
  name: string,
  options: EventOptions<Fields> = {},
): EventDefinition<Fields> {
  if (typeof name !== 'string' || !NAME.test(name) || name.length > MAX_NAME)
    throw new TracerError(
      'ERR_EVENT',
      `expected the name of an event as "provider:name", got ${JSON.stringify(name)}`,
    );
  const fields = options.fields ?? ({} as Fields);
  for (const [field, type] of Object.entries(fields as Record<string, Partial<Field<unknown>>>)) {
    if (!FIELD_NAME.test(field))
      throw new TracerError(
        'ERR_FIELD',
        `expected fields of ${name} to have identifiers as names, got ${JSON.stringify(field)}`,
      );
    if (typeof type?.write !== 'function' || type.type === undefined)
      throw new TracerError(
        'ERR_FIELD',
        `expected ${name}.${field} to be a type of field such as u32(), got ${JSON.stringify(type)}`,
      );
  }
  return { name, logLevel: options.logLevel ?? LogLevel.DEBUG_LINE, fields };
}

/** The type of an event's payload in a trace. @internal */
export function payloadType(fields: EventFields): StructureType {
  return {
    kind: 'structure',
    minAlignBits: 8,
    fields: Object.entries(fields).flatMap(namedFields),
  };
}

function namedFields([name, field]: readonly [string, Field<never>]): NamedField[] {
  const { type, lengthType } = field;
  if (type.kind !== 'sequence' || lengthType === undefined) return [{ name, type }];
  const length = lengthName(name);
  return [
    { name: length, type: lengthType },
    { name, type: { ...type, length: [length] } },
  ];
}

/** Name of the field with the length of a sequence. @source lttng-ust, ust-events.h */
function lengthName(name: string): string {
  return `_${name}_length`;
}

/** The class of an event in a trace. @internal */
export function eventClass(event: EventDefinition, id: number): EventClass {
  return {
    id: BigInt(id),
    name: event.name,
    logLevel: event.logLevel,
    fields: payloadType(event.fields),
  };
}

/**
 * Lays out the values of an event.
 *
 * @throws TracerError `ERR_VALUE` for a value that is not one of its field
 * @internal
 */
export function writePayload(
  writer: PayloadWriter,
  { name, fields }: EventDefinition,
  values: Readonly<Record<string, unknown>>,
): void {
  writeFields(writer, fields, values, name);
}

/**
 * Lays out values one behind the other.
 *
 * @param owner what has the fields, for messages; empty for what is a field itself
 * @throws TracerError `ERR_VALUE` for a value that is not one of its field
 * @internal
 */
export function writeFields(
  writer: PayloadWriter,
  fields: EventFields,
  values: Readonly<Record<string, unknown>>,
  owner: string,
): void {
  let name = '';
  try {
    for (const field in fields) {
      name = field;
      fields[field]!.write(writer, values[field] as never);
    }
  } catch (error) {
    if (!(error instanceof TracerError)) throw error;
    const place = owner === '' ? name : `${owner}.${name}`;
    throw new TracerError(error.code, `${place}: ${error.message}`, { cause: error });
  }
}

/**
 * Fetches what lies in memory, field by field.
 *
 * @returns the values, with what was fetched in place of what stands for it
 * @throws TracerError `ERR_VALUE` for a value that can stand for nothing
 * @internal
 */
export function* fetchFields(
  t: Thread,
  { fields }: EventDefinition,
  values: Readonly<Record<string, unknown>>,
): Operation<Readonly<Record<string, unknown>>> {
  const fetched: Record<string, unknown> = { ...values };
  for (const [name, field] of Object.entries(fields))
    if (field.fetch !== undefined) fetched[name] = yield* field.fetch(t, values[name] as never);
  return fetched;
}

/** Takes apart what {@link writePayload} laid out, as values for `trace-format`. @internal */
export function readPayload(reader: PayloadReader, fields: EventFields): StructureValue {
  const values: Record<string, StructureValue[string]> = {};
  for (const name in fields) {
    const field = fields[name]!;
    const value = field.read(reader) as StructureValue[string];
    if (field.lengthType !== undefined) values[lengthName(name)] = (value as unknown[]).length;
    values[name] = value;
  }
  return values;
}
