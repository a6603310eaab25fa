import type { BitReader } from '../bits/bit-reader.js';
import { TraceFormatError } from '../trace-format-error.js';
import { labelFinder } from './enumeration-labels.js';
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
import type { EnumerationValue, FieldValue, StructureValue } from './field-value.js';
import { resolvePath } from './scope.js';
import type { ScopeValues, StaticScope } from './scope.js';

/** Reads a value at the reader's position. */
export type ValueReader = (reader: BitReader, values: ScopeValues) => FieldValue;

/**
 * Makes a function that reads values of a type.
 *
 * @throws TraceFormatError `ERR_METADATA` for a length or tag that cannot be found; the function itself
 *   throws `ERR_TRUNCATED` at the end of the packet, `ERR_TAG` for a tag that chooses nothing
 */
function compileReader(type: FieldType, scope: StaticScope): ValueReader {
  switch (type.kind) {
    case 'integer':
      return integerReader(type);
    case 'float':
      return floatReader(type);
    case 'string':
      return (reader) => {
        reader.align(8);
        return reader.readString();
      };
    case 'enumeration':
      return enumerationReader(type);
    case 'structure':
      return structureReader(type, scope);
    case 'variant':
      return variantReader(type, scope);
    case 'array':
      return arrayReader(type, scope);
    case 'sequence':
      return sequenceReader(type, scope);
  }
}

/** Reads an integer. */
type IntegerReader = (reader: BitReader, values: ScopeValues) => number | bigint;

function integerReader(type: IntegerType): IntegerReader {
  const { sizeBits, alignBits, byteOrder, isSigned, clock } = type;
  if (sizeBits > 32) return wideReader(type);
  if (clock !== undefined)
    return (reader, values) => {
      reader.align(alignBits);
      const value = reader.readUnsigned(sizeBits, byteOrder);
      values.time?.advance(sizeBits, value, 0);
      return value;
    };
  if (!isSigned)
    return (reader) => {
      reader.align(alignBits);
      return reader.readUnsigned(sizeBits, byteOrder);
    };
  const unused = 32 - sizeBits;
  return (reader) => {
    reader.align(alignBits);
    return (reader.readUnsigned(sizeBits, byteOrder) << unused) >> unused;
  };
}

function wideReader({
  sizeBits,
  alignBits,
  byteOrder,
  isSigned,
  clock,
}: IntegerType): IntegerReader {
  const unused = 64 - sizeBits;
  return (reader, values) => {
    reader.align(alignBits);
    const low = reader.readWide(sizeBits, byteOrder);
    if (clock !== undefined) values.time?.advance(sizeBits, low, reader.high);
    const high = isSigned ? (reader.high << unused) >> unused : reader.high;
    if (high >= -0x200000 && high < 0x200000) return high * 0x100000000 + low;
    return (BigInt(high) << 32n) | BigInt(low);
  };
}

function floatReader({ sizeBits, alignBits, byteOrder }: FloatType): ValueReader {
  return (reader) => {
    reader.align(Math.max(8, alignBits));
    return reader.readFloat(sizeBits, byteOrder);
  };
}

function enumerationReader(type: EnumerationType): ValueReader {
  const read = integerReader(type.container);
  const labelsOf = labelFinder(type);
  return (reader, values) => {
    const value = read(reader, values);
    return { value, labels: labelsOf(value) };
  };
}

function structureReader(type: StructureType, scope: StaticScope): ValueReader {
  const alignBits = alignmentOf(type);
  const fields = type.fields.map(({ name, type: fieldType }, n) => {
    const before: StructureType = { ...type, fields: type.fields.slice(0, n) };
    return {
      name,
      read: compileReader(fieldType, { ...scope, open: [...scope.open, before] }),
    };
  });
  return (reader, values) => {
    reader.align(alignBits);
    const value: Record<string, FieldValue> = {};
    values.open.push(value);
    for (const field of fields) value[field.name] = field.read(reader, values);
    values.open.pop();
    return value;
  };
}

function variantReader(type: VariantType, scope: StaticScope): ValueReader {
  const tag = resolvePath(type.tag, scope);
  const path = type.tag.join('.');
  if (tag.type.kind !== 'enumeration')
    throw new TraceFormatError(
      'ERR_METADATA',
      `expected the tag ${path} of a variant to be an enumeration, got ${tag.type.kind}`,
    );
  const readers = new Map(
    type.options.map((option) => [option.name, compileReader(option.type, scope)]),
  );
  return (reader, values) => {
    const { labels, value } = tag.get(values) as EnumerationValue;
    const option = labels.find((label) => readers.has(label));
    if (option === undefined)
      throw new TraceFormatError(
        'ERR_TAG',
        `expected the tag ${path} to choose one of ${[...readers.keys()].join(', ')}, got ${value}`,
        { bit: reader.position },
      );
    return { option, value: readers.get(option)!(reader, values) };
  };
}

function arrayReader(type: ArrayType, scope: StaticScope): ValueReader {
  const { length } = type;
  const elements = elementsReader(type.element, scope);
  return (reader, values) => elements(reader, values, length);
}

function sequenceReader(type: SequenceType, scope: StaticScope): ValueReader {
  const length = resolvePath(type.length, scope);
  const elements = elementsReader(type.element, scope);
  if (length.type.kind !== 'integer' || length.type.isSigned)
    throw new TraceFormatError(
      'ERR_METADATA',
      `expected the length ${type.length.join('.')} to be an unsigned integer, got ${length.type.kind}`,
    );
  return (reader, values) => elements(reader, values, Number(length.get(values)));
}

/** Reads a number of elements; one that cannot fit in the packet is refused before memory is taken. */
function elementsReader(
  element: FieldType,
  scope: StaticScope,
): (reader: BitReader, values: ScopeValues, length: number) => FieldValue {
  const alignBits = alignmentOf(element);
  if (isCharacter(element))
    return (reader, _values, length) => {
      reader.align(Math.max(8, alignBits));
      return reader.readText(length);
    };
  const read = compileReader(element, scope);
  const least = leastBits(element);
  return (reader, values, length) => {
    reader.align(alignBits);
    reader.expectBits(length * least, `${length} elements`);
    const elements: FieldValue[] = [];
    for (let n = 0; n < length; n++) elements.push(read(reader, values));
    return elements;
  };
}

/** Bits that a value takes at least; at least one, so that no length is free. */
function leastBits(type: FieldType): number {
  switch (type.kind) {
    case 'integer':
    case 'float':
      return type.sizeBits;
    case 'enumeration':
      return type.container.sizeBits;
    case 'string':
      return 8;
    case 'structure':
      return Math.max(
        1,
        type.fields.reduce((sum, field) => sum + leastBits(field.type), 0),
      );
    case 'array':
      return Math.max(1, type.length * leastBits(type.element));
    case 'sequence':
    case 'variant':
      return 1;
  }
}

/** A reader of a whole scope. */
export function compileScope(
  type: StructureType,
  roots: StaticScope['roots'],
): (reader: BitReader, values: ScopeValues) => StructureValue {
  const read = compileReader(type, { roots, open: [] });
  return (reader, values) => read(reader, values) as StructureValue;
}
