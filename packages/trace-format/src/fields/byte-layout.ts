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
