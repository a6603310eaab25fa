/** An enumeration's value with the labels that it falls under. */
export interface EnumerationValue {
  readonly value: number | bigint;
  readonly labels: readonly string[];
}

/** The option of a variant that its tag chose. */
export interface VariantValue {
  readonly option: string;
  readonly value: FieldValue;
}

/** Fields by name, in the order of the structure. */
export interface StructureValue {
  readonly [name: string]: FieldValue;
}

/**
 * A value as bits had it.
 *
 * Integers of up to 32 bits are numbers, longer ones numbers where they are safe integers and bigints
 * else. Strings, and arrays and sequences of characters, are text.
 */
export type FieldValue =
  | number
  | bigint
  | string
  | EnumerationValue
  | VariantValue
  | StructureValue
  | readonly FieldValue[];
