/** In which order the bytes of a number are written; bit fields fill the lowest bits first under `le`. */
export type ByteOrder = 'le' | 'be';

/** How text is encoded; `none` for integers that are no text. */
export type TextEncoding = 'none' | 'UTF8' | 'ASCII';

/** In which base an integer is shown. */
export type DisplayBase = 2 | 8 | 10 | 16;

/** An integer of 1 to 64 bits. @source CTF 1.8, 4.1.5 */
export interface IntegerType {
  readonly kind: 'integer';
  /** 1 to 64. */
  readonly sizeBits: number;
  readonly isSigned: boolean;
  /** A power of two; 1 for bit fields. */
  readonly alignBits: number;
  readonly byteOrder: ByteOrder;
  readonly base: DisplayBase;
  readonly encoding: TextEncoding;
  /** Name of the clock whose time it tells, if it does. */
  readonly clock?: string;
}

/** A floating point number of 32 or 64 bits. @source CTF 1.8, 4.1.7 */
export interface FloatType {
  readonly kind: 'float';
  readonly sizeBits: 32 | 64;
  readonly alignBits: number;
  readonly byteOrder: ByteOrder;
}

/** Text that ends in a zero byte; aligned to bytes. @source CTF 1.8, 4.2.5 */
export interface StringType {
  readonly kind: 'string';
  readonly encoding: 'UTF8' | 'ASCII';
}

/** A name for a range of values, both ends included. */
export interface EnumerationMapping {
  readonly label: string;
  readonly low: bigint;
  readonly high: bigint;
}

/** An integer whose values have names. @source CTF 1.8, 4.1.8 */
export interface EnumerationType {
  readonly kind: 'enumeration';
  readonly container: IntegerType;
  readonly mappings: readonly EnumerationMapping[];
}

/** A field of a structure, or an option of a variant. */
export interface NamedField {
  /**
   * As it is in memory, without the underscore that metadata may put in front of fields; of an option the
   * label that chooses it.
   */
  readonly name: string;
  readonly type: FieldType;
}

/** Fields one after the other. @source CTF 1.8, 4.2.1 */
export interface StructureType {
  readonly kind: 'structure';
  /** At least this; that of the field with the largest otherwise. */
  readonly minAlignBits: number;
  readonly fields: readonly NamedField[];
}

/** One of several types, as an enumeration read before says. @source CTF 1.8, 4.2.2 */
export interface VariantType {
  readonly kind: 'variant';
  /** Where the tag is: names from a scope root down, or of fields around the variant. */
  readonly tag: FieldPath;
  readonly options: readonly NamedField[];
}

/** A fixed number of elements. @source CTF 1.8, 4.2.3 */
export interface ArrayType {
  readonly kind: 'array';
  readonly length: number;
  readonly element: FieldType;
}

/** As many elements as an unsigned integer read before says. @source CTF 1.8, 4.2.4 */
export interface SequenceType {
  readonly kind: 'sequence';
  readonly length: FieldPath;
  readonly element: FieldType;
}

/**
 * Names that lead to a field: absolute, with a scope such as `stream.event.header` as one name in
 * front, or relative to the structures around.
 */
export type FieldPath = readonly string[];

/** The type of a field: how bits become a value. */
export type FieldType =
  | IntegerType
  | FloatType
  | StringType
  | EnumerationType
  | StructureType
  | VariantType
  | ArrayType
  | SequenceType;

/** The alignment of a type in bits: where in a packet its first bit may be. @source CTF 1.8, 4.1.2 */
export function alignmentOf(type: FieldType): number {
  switch (type.kind) {
    case 'integer':
    case 'float':
      return type.alignBits;
    case 'enumeration':
      return type.container.alignBits;
    case 'string':
      return 8;
    case 'structure':
      return type.fields.reduce(
        (most, field) => Math.max(most, alignmentOf(field.type)),
        Math.max(1, type.minAlignBits),
      );
    case 'array':
    case 'sequence':
      return alignmentOf(type.element);
    case 'variant':
      return 1;
  }
}

/** Whether a type is an integer that stands for a character, so that arrays of it are text. */
export function isCharacter(type: FieldType): boolean {
  return type.kind === 'integer' && type.sizeBits === 8 && type.encoding !== 'none';
}
