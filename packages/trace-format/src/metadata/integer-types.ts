import type { ByteOrder, IntegerType } from '../fields/field-type.js';

/** An integer type with what is said of it, and defaults for the rest: unsigned, by bytes, decimal. */
export function integerType(
  sizeBits: number,
  more: Partial<Omit<IntegerType, 'kind' | 'sizeBits'>> & { readonly byteOrder?: ByteOrder } = {},
): IntegerType {
  return {
    kind: 'integer',
    sizeBits,
    isSigned: false,
    alignBits: sizeBits % 8 === 0 ? 8 : 1,
    byteOrder: 'le',
    base: 10,
    encoding: 'none',
    ...more,
  };
}
