import { alignmentOf, isCharacter } from './field-type.js';
import type { FieldType, FloatType, IntegerType, NamedField, StructureType } from './field-type.js';

/** A number that begins and ends at bytes. */
export type ByteNumber = IntegerType | FloatType;

/**
 * Whether code for a structure can be generated: all of its fields begin at any byte and end at one, and what
 * it has of lengths are of fields beside.
 */
export function isByteStructure({ minAlignBits, fields }: StructureType): boolean {
  return minAlignBits <= 8 && fields.every((field, n) => isByteField(field, fields.slice(0, n)));
}

function isByteField({ type }: NamedField, before: readonly NamedField[]): boolean {
  switch (type.kind) {
    case 'integer':
    case 'float':
      return isByteNumber(type);
    case 'enumeration':
      return isByteNumber(type.container);
    case 'string':
      return true;
    case 'structure':
      return isByteStructure(type);
    case 'array':
      return isByteElement(type.element);
    case 'sequence':
      return isByteElement(type.element) && lengthField(type.length, before) !== undefined;
    case 'variant':
      return false;
  }
}

/**
 * How many bytes a structure takes, where it is the same for all values and nothing but numbers, each begins at any
 * byte, and little-endian; undefined elsewhere.
 */
export function laidOutBytes(structure: StructureType): number | undefined {
  if (structure.minAlignBits > 8) return undefined;
  let bytes = 0;
  for (const { type } of structure.fields) {
    const size = numberBytes(type);
    if (size === undefined) return undefined;
    bytes += size;
  }
  return bytes;
}

function numberBytes(type: FieldType): number | undefined {
  switch (type.kind) {
    case 'integer':
    case 'float':
      return isByteNumber(type) && type.byteOrder === 'le' ? type.sizeBits / 8 : undefined;
    case 'enumeration':
      return numberBytes(type.container);
    case 'structure':
      return laidOutBytes(type);
    case 'array': {
      const size = isCharacter(type.element) ? undefined : numberBytes(type.element);
      return size === undefined ? undefined : size * type.length;
    }
    default:
      return undefined;
  }
}

/** The name of the field that is a length, where it is one beside. */
function lengthField(path: readonly string[], before: readonly NamedField[]): string | undefined {
  const found = before.find(({ name }) => path.length === 1 && name === path[0])?.type;
  return found?.kind === 'integer' && !found.isSigned ? path[0] : undefined;
}

/** Whether a type is a number that is read and written by bytes. */
function isByteNumber(type: FieldType): type is ByteNumber {
  if (type.kind === 'float') return type.alignBits <= 8;
  if (type.kind !== 'integer') return false;
  const { sizeBits, clock } = type;
  const isWhole = sizeBits === 8 || sizeBits === 16 || sizeBits === 32 || sizeBits === 64;
  return isWhole && alignmentOf(type) === 8 && clock === undefined;
}

function isByteElement(type: FieldType): boolean {
  return (isCharacter(type) && alignmentOf(type) <= 8) || isByteNumber(type);
}
