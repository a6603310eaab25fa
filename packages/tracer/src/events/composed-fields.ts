import { integerType } from '@rseqlab/trace-format';
import type { EnumerationMapping } from '@rseqlab/trace-format';
import { TracerError } from '../tracer-error.js';
import { refused } from './field.js';
import type { Field } from './field.js';
import { encodeText } from './text.js';

/** A floating point number of 64 bits. */
export const f64 = (): Field<number> => float(64);
/** A floating point number of 32 bits. */
export const f32 = (): Field<number> => float(32);

function float(sizeBits: 32 | 64): Field<number> {
  return {
    type: { kind: 'float', sizeBits, alignBits: 8, byteOrder: 'le' },
    write(writer, value) {
      if (typeof value !== 'number') throw refused('a number', value);
      writer.float(value, sizeBits);
    },
    read: (reader) => reader.float(sizeBits),
  };
}

/** Text of any length, in UTF-8, that ends in a zero byte; text behind a zero character is cut off. */
export const text = (): Field<string> => ({
  type: { kind: 'string', encoding: 'UTF8' },
  write(writer, value) {
    if (typeof value !== 'string') throw refused('text', value);
    writer.text(encodeText(value));
  },
  read: (reader) => reader.text(),
});

/**
 * Text in a fixed number of bytes, filled up with zeros; longer text is cut, as a thread's name is.
 *
 * @param bytes 1 to 4096
 */
export function textArray(bytes: number): Field<string> {
  const length = checkedLength('a text array', bytes);
  return {
    type: { kind: 'array', length, element: integerType(8, { encoding: 'UTF8' }) },
    write(writer, value) {
      if (typeof value !== 'string') throw refused('text', value);
      writer.fixed(encodeText(value), length);
    },
    read: (reader) => reader.textArray(length),
  };
}

/**
 * A fixed number of elements.
 *
 * @param length 1 to 4096
 */
export function array<Value>(element: Field<Value>, length: number): Field<readonly Value[]> {
  const count = checkedLength('an array', length);
  return {
    type: { kind: 'array', length: count, element: element.type },
    write(writer, values) {
      if (!Array.isArray(values) || values.length !== count)
        throw refused(`an array of ${count} elements`, values);
      for (const value of values as readonly Value[]) element.write(writer, value);
    },
    read: (reader) => Array.from({ length: count }, () => element.read(reader)),
  };
}

/** As many elements as there are, up to 65535; the trace has their number in a field in front. */
export function sequence<Value>(element: Field<Value>): Field<readonly Value[]> {
  return {
    // The path to the length is the event's to fill in: it knows the field's name.
    type: { kind: 'sequence', length: [], element: element.type },
    lengthType: integerType(16),
    write(writer, values) {
      if (!Array.isArray(values) || values.length > 0xffff)
        throw refused('an array of at most 65535 elements', values);
      writer.integer(values.length, 16);
      for (const value of values as readonly Value[]) element.write(writer, value);
    },
    read: (reader) => Array.from({ length: reader.integer(16, false) }, () => element.read(reader)),
  };
}

/** Bytes of any number up to 65535, shown in hexadecimal. */
export function blob(): Field<Uint8Array> {
  const bytes = sequence(byte);
  return {
    type: bytes.type,
    lengthType: bytes.lengthType!,
    write(writer, value) {
      if (!(value instanceof Uint8Array)) throw refused('a Uint8Array', value);
      if (value.length > 0xffff) throw refused('at most 65535 bytes', value.length);
      writer.integer(value.length, 16);
      writer.fixed(value, value.length);
    },
    read: bytes.read,
  };
}

const byte: Field<number> = {
  type: integerType(8, { base: 16 }),
  write: (writer, value) => writer.integer(value, 8),
  read: (reader) => reader.integer(8, false),
};

/**
 * One of some names, each with its number, as 32 bits.
 *
 * @throws TracerError `ERR_FIELD` for no names, or numbers that are not of 32 bits
 */
export function enumeration<Name extends string>(
  numbers: Readonly<Record<Name, number>>,
): Field<Name> {
  const names = Object.keys(numbers) as Name[];
  if (names.length === 0 || names.some((name) => (numbers[name] | 0) !== numbers[name]))
    throw new TracerError(
      'ERR_FIELD',
      `expected names with integers of 32 bits, got ${JSON.stringify(numbers)}`,
    );
  const mappings = names.map((label): EnumerationMapping => {
    const value = BigInt(numbers[label]);
    return { label, low: value, high: value };
  });
  return {
    type: { kind: 'enumeration', container: integerType(32, { isSigned: true }), mappings },
    write(writer, name) {
      if (!Object.hasOwn(numbers, name)) throw refused(`one of ${names.join(', ')}`, name);
      writer.integer(numbers[name], 32);
    },
    read: (reader) => reader.integer(32, true),
  };
}

function checkedLength(what: string, length: number): number {
  if (Number.isInteger(length) && length >= 1 && length <= 4096) return length;
  throw new TracerError('ERR_FIELD', `expected ${what} of 1 to 4096 elements, got ${length}`);
}
