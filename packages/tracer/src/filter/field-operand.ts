import type { FieldType } from '@rseqlab/trace-format';
import { isCharacter } from '@rseqlab/trace-format';
import type { EventDefinition } from '../events/event-definition.js';
import { decodeText, encodeText } from '../events/text.js';
import type { FieldReference } from './expression.js';
import { filterError } from './filter-error.js';
import type { FilterSubject, Operand } from './filter-operand.js';
import { narrowed } from './signed-64.js';

/** Takes a value out of an event; undefined where there is none. */
type Getter = (subject: FilterSubject) => unknown;

/**
 * A field of an event, or a part of one.
 *
 * @throws TracerError `ERR_FILTER` for what the event does not have, and for what is no number or text
 */
export function fieldOperand(event: EventDefinition, { path, column }: FieldReference): Operand {
  const [name, ...rest] = path;
  const field = Object.hasOwn(event.fields, name) ? event.fields[name] : undefined;
  if (field === undefined) {
    const names = Object.keys(event.fields).join(', ');
    const expected = `a field of ${event.name} (${names === '' ? 'it has none' : names})`;
    throw filterError(column, expected, JSON.stringify(name));
  }
  let type: FieldType = field.type;
  let get: Getter = (subject) => subject.values[name];
  let written: string = name;
  for (const step of rest) {
    type = partOf(type, step, written, column);
    get = partGetter(get, step);
    written += typeof step === 'number' ? `[${step}]` : `.${step}`;
  }
  return valueOperand(type, get, written, column);
}

function partOf(type: FieldType, step: string | number, whole: string, column: number): FieldType {
  if (typeof step === 'number') {
    if ((type.kind === 'array' && !isText(type)) || type.kind === 'sequence') return type.element;
    throw filterError(column, `${whole} to have elements`, typeName(type));
  }
  const member = type.kind === 'structure' && type.fields.find(({ name }) => name === step);
  if (member !== undefined && member !== false) return member.type;
  throw filterError(column, `${whole} to have a member ${step}`, typeName(type));
}

function partGetter(whole: Getter, step: string | number): Getter {
  return (subject) =>
    (whole(subject) as Readonly<Record<string | number, unknown>> | undefined)?.[step];
}

function valueOperand(type: FieldType, get: Getter, written: string, column: number): Operand {
  if (isText(type)) {
    const length = type.kind === 'array' ? type.length : Infinity;
    const getText: Getter = (subject) => decoded(get(subject));
    return {
      kind: 'text',
      evaluate: (subject) => recordedText(orFail(subject, getText, ''), length),
    };
  }
  if (type.kind === 'integer' || type.kind === 'float')
    return {
      kind: 'number',
      isFloat: type.kind === 'float',
      evaluate: (subject) => narrowed(orFail<number | bigint>(subject, get, 0)),
    };
  if (type.kind === 'enumeration') {
    const numbers = new Map(type.mappings.map(({ label, low }) => [label, narrowed(low)]));
    return { kind: 'enumeration', numbers, evaluate: (subject) => orFail(subject, get, '') };
  }
  throw filterError(column, `${written} to be a number or text`, typeName(type));
}

function orFail<Value>(subject: FilterSubject, get: Getter, otherwise: Value): Value {
  const value = get(subject) as Value | undefined;
  if (typeof value === typeof otherwise || typeof value === 'bigint') return value!;
  subject.hasFailed = true;
  return otherwise;
}

/** Text that was fetched from memory comes as bytes. */
function decoded(value: unknown): unknown {
  return value instanceof Uint8Array ? decodeText(value) : value;
}

/** Text as it is recorded: up to a zero character, cut to the bytes of its field. */
function recordedText(text: string, length: number): string {
  const end = text.indexOf('\0');
  const whole = end < 0 ? text : text.slice(0, end);
  // A character is of at most three bytes for each of its code units.
  return 3 * whole.length <= length ? whole : cutText(whole, length);
}

function cutText(text: string, length: number): string {
  return length === Infinity ? text : decodeText(encodeText(text).subarray(0, length));
}

function isText(type: FieldType): boolean {
  return type.kind === 'string' || (type.kind === 'array' && isCharacter(type.element));
}

function typeName(type: FieldType): string {
  if (isText(type)) return 'text';
  return type.kind === 'integer' ? 'an integer' : `the kind "${type.kind}"`;
}
