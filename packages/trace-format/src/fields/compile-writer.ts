import type { BitWriter } from '../bits/bit-writer.js';
import { encodeUtf8 } from '../bits/utf8.js';
import { TraceFormatError } from '../trace-format-error.js';
import { alignmentOf, isCharacter } from './field-type.js';
import type {
  ArrayType,
  EnumerationType,
  FieldType,
  FloatType,
  IntegerType,
  SequenceType,
  StructureType,
  VariantType,
} from './field-type.js';
import { acceleratedWriter } from './generate-writer.js';
import { putCharacters } from './put-ascii.js';
import type { PutAscii } from './put-ascii.js';
import type { FieldValue, StructureValue, VariantValue } from './field-value.js';

/** Writes a value at the writer's position. */
export type ValueWriter = (writer: BitWriter, value: FieldValue) => void;

/**
 * Makes a function that writes values of a type.
 *
 * The function throws TraceFormatError `ERR_VALUE` for a value that is not one of the type. What does
 * not fit in the packet is told by the writer. Lengths and tags are the caller's to write as they must be.
 */
export function compileWriter(type: FieldType, path = 'the value'): ValueWriter {
  switch (type.kind) {
    case 'integer':
      return integerWriter(type, path);
    case 'float':
      return floatWriter(type, path);
    case 'string':
      return (writer, value) => {
        writer.align(8);
        writer.writeString(expectText(value, path));
      };
    case 'enumeration':
      return enumerationWriter(type, path);
    case 'structure':
      return structureWriter(type, path);
    case 'variant':
      return variantWriter(type, path);
    case 'array':
      return arrayWriter(type, path);
    case 'sequence':
      return elementsWriter(type, path);
  }
}

function integerWriter(type: IntegerType, path: string): ValueWriter {
  const { sizeBits, alignBits, byteOrder, isSigned } = type;
  const low = isSigned ? -(2n ** BigInt(sizeBits - 1)) : 0n;
  const high = 2n ** BigInt(isSigned ? sizeBits - 1 : sizeBits) - 1n;
  const [least, most] = [Number(low), Number(high)];
  const refuse = (value: unknown): never => {
    throw wrong(path, `an integer from ${low} to ${high}`, value);
  };
  if (sizeBits <= 32)
    return (writer, value) => {
      const number = typeof value === 'bigint' ? Number(value) : value;
      if (typeof number !== 'number' || !(number >= least && number <= most && number % 1 === 0))
        return refuse(value);
      writer.align(alignBits);
      writer.writeUnsigned(number, sizeBits, byteOrder);
    };
  return (writer, value) => {
    writer.align(alignBits);
    if (typeof value === 'number' && Number.isSafeInteger(value)) {
      if (value < least || value > most) refuse(value);
      writer.writeWide(value >>> 0, Math.floor(value / 0x100000000), sizeBits, byteOrder);
    } else if (typeof value === 'bigint') {
      if (value < low || value > high) refuse(value);
      const words = BigInt.asUintN(64, value);
      writer.writeWide(Number(words & 0xffffffffn), Number(words >> 32n), sizeBits, byteOrder);
    } else refuse(value);
  };
}

function floatWriter({ sizeBits, alignBits, byteOrder }: FloatType, path: string): ValueWriter {
  return (writer, value) => {
    if (typeof value !== 'number') throw wrong(path, 'a number', value);
    writer.align(Math.max(8, alignBits));
    writer.writeFloat(value, sizeBits, byteOrder);
  };
}

/** Takes a number, a label, or a value as it is read. */
function enumerationWriter(type: EnumerationType, path: string): ValueWriter {
  const write = integerWriter(type.container, path);
  return (writer, value) => {
    if (typeof value === 'string') {
      const mapping = type.mappings.find(({ label }) => label === value);
      if (mapping === undefined)
        throw wrong(path, `one of ${type.mappings.map(({ label }) => label).join(', ')}`, value);
      write(writer, mapping.low);
    } else if (typeof value === 'object' && 'labels' in value)
      write(writer, (value as { value: number | bigint }).value);
    else write(writer, value);
  };
}

function structureWriter(type: StructureType, path: string): ValueWriter {
  const alignBits = alignmentOf(type);
  const fields = type.fields.map((field) => ({
    name: field.name,
    write: compileWriter(field.type, `${path}.${field.name}`),
  }));
  return (writer, value) => {
    if (typeof value !== 'object') throw wrong(path, 'fields by name', value);
    writer.align(alignBits);
    for (const { name, write } of fields) {
      const field = (value as StructureValue)[name];
      if (field === undefined) throw wrong(`${path}.${name}`, 'a value', field);
      write(writer, field);
    }
  };
}

function variantWriter(type: VariantType, path: string): ValueWriter {
  const writers = new Map(
    type.options.map((option) => [
      option.name,
      compileWriter(option.type, `${path}.${option.name}`),
    ]),
  );
  return (writer, value) => {
    const { option, value: chosen } = value as VariantValue;
    const write = writers.get(option);
    if (write === undefined)
      throw wrong(path, `an option of ${[...writers.keys()].join(', ')}`, option);
    write(writer, chosen);
  };
}

function arrayWriter(type: ArrayType, path: string): ValueWriter {
  const { length, element } = type;
  const write = elementsWriter(type, path);
  const alignBits = alignmentOf(element);
  if (isCharacter(element))
    return (writer, value) => {
      writer.align(Math.max(8, alignBits));
      writer.writeBytes(encodeUtf8(expectText(value, path)), length);
    };
  return (writer, value) => {
    if (!Array.isArray(value) || value.length !== length)
      throw wrong(path, `${length} elements`, value);
    write(writer, value as FieldValue);
  };
}

function elementsWriter({ element }: ArrayType | SequenceType, path: string): ValueWriter {
  const alignBits = alignmentOf(element);
  if (isCharacter(element))
    return (writer, value) => {
      const bytes = encodeUtf8(expectText(value, path));
      writer.align(Math.max(8, alignBits));
      writer.writeBytes(bytes, bytes.length);
    };
  const write = compileWriter(element, `${path}[]`);
  return (writer, value) => {
    if (!Array.isArray(value)) throw wrong(path, 'an array', value);
    writer.align(alignBits);
    for (const each of value as readonly FieldValue[]) write(writer, each);
  };
}

function expectText(value: FieldValue, path: string): string {
  if (typeof value !== 'string') throw wrong(path, 'text', value);
  return value;
}

function wrong(path: string, expected: string, got: unknown): TraceFormatError {
  const text = typeof got === 'bigint' ? `${got}n` : (JSON.stringify(got) ?? String(got));
  return new TraceFormatError(
    'ERR_VALUE',
    `expected ${path} to be ${expected}, got ${text.length > 80 ? `${text.slice(0, 80)}...` : text}`,
  );
}

/** A writer of a whole scope. */
export function compileScopeWriter(
  type: StructureType,
  path: string,
  putAscii: PutAscii = putCharacters,
): ValueWriter {
  return acceleratedWriter(type, compileWriter(type, path), putAscii);
}
