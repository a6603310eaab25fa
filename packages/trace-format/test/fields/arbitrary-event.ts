import fc from 'fast-check';
import { integerType } from '../../src/metadata/integer-types.js';
import type {
  DisplayBase,
  EnumerationType,
  FieldType,
  IntegerType,
  NamedField,
  StructureType,
} from '../../src/fields/field-type.js';
import type { FieldValue, StructureValue } from '../../src/fields/field-value.js';

/** A type and a value of it. */
export interface Typed<Type extends FieldType = FieldType> {
  readonly type: Type;
  readonly value: FieldValue;
}

/** Fields that a type needs before it: the length of a sequence, the tag of a variant. */
type Fields = readonly (NamedField & { readonly value: FieldValue })[];

const base = fc.constantFrom<DisplayBase>(2, 8, 10, 16);

const integer: fc.Arbitrary<Typed<IntegerType>> = fc
  .record({
    sizeBits: fc.oneof(fc.constantFrom(8, 16, 32, 64), fc.integer({ min: 1, max: 64 })),
    isSigned: fc.boolean(),
    isBig: fc.boolean(),
    alignBits: fc.constantFrom(1, 8, 16, 32, 64),
    base,
  })
  .chain(({ sizeBits, isSigned, isBig, alignBits, base: shownBase }) => {
    // Bit fields of both byte orders beside each other have no meaning.
    const isBytes = sizeBits % 8 === 0;
    // babeltrace2 shifts by 64 where it shows 61 to 63 bits in hexadecimal, and shows 0.
    const isShown = shownBase !== 16 || sizeBits <= 60 || sizeBits === 64;
    const type = integerType(sizeBits, {
      isSigned,
      base: isShown ? shownBase : 10,
      byteOrder: isBytes && isBig ? 'be' : 'le',
      alignBits: isBytes ? Math.max(8, alignBits) : alignBits,
    });
    return valueOf(type).map((value) => ({ type, value }));
  });

function valueOf({ sizeBits, isSigned }: IntegerType): fc.Arbitrary<number | bigint> {
  const size = BigInt(sizeBits);
  const [min, max] = isSigned
    ? [-(1n << (size - 1n)), (1n << (size - 1n)) - 1n]
    : [0n, (1n << size) - 1n];
  return fc
    .bigInt({ min, max })
    .map((wide) =>
      BigInt(Number(wide)) === wide && Number.isSafeInteger(Number(wide)) ? Number(wide) : wide,
    );
}

const float: fc.Arbitrary<Typed> = fc.oneof(
  fc.float({ noNaN: true }).map((value) => ({ type: floatType(32), value })),
  fc.double({ noNaN: true }).map((value) => ({ type: floatType(64), value })),
  // In the middle of two numbers of six digits.
  fc
    .integer({ min: 100_000, max: 999_999 })
    .map((n) => ({ type: floatType(64), value: n * 10 + 5 })),
);

function floatType(sizeBits: 32 | 64): FieldType {
  return { kind: 'float', sizeBits, alignBits: 8, byteOrder: 'le' };
}

const characters = fc.string({
  unit: fc.constantFrom(
    'a',
    'Z',
    ' ',
    '"',
    "'",
    '\\',
    '?',
    '\n',
    '\t',
    '\x1b',
    '\x07',
    '\x01',
    '\x7f',
    'ü',
    '漢',
    '😀',
  ),
  maxLength: 8,
});

const text: fc.Arbitrary<Typed> = characters.map((value) => ({
  type: { kind: 'string', encoding: 'UTF8' },
  value,
}));

const textArray: fc.Arbitrary<Typed> = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('a', 'b', '"'), minLength: 1, maxLength: 6 }),
    fc.integer({ min: 6, max: 9 }),
  )
  .map(([value, length]) => ({
    type: { kind: 'array', length, element: integerType(8, { encoding: 'UTF8' }) },
    value,
  }));

const LABELS = ['IDLE', 'RUNNING', 'some words', 'FAR'];

const enumeration: fc.Arbitrary<Typed<EnumerationType>> = fc
  .record({
    container: fc.constantFrom(integerType(8), integerType(32, { isSigned: true }), integerType(5)),
    mappings: fc.array(
      fc.record({
        label: fc.constantFrom(...LABELS),
        low: fc.bigInt({ min: 0n, max: 6n }),
        size: fc.bigInt({ min: 0n, max: 3n }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    value: fc.integer({ min: 0, max: 12 }),
  })
  .map(({ container, mappings, value }) => {
    const ranges = mappings.map(({ label, low, size }) => ({ label, low, high: low + size }));
    const labels = ranges
      .filter(({ low, high }) => low <= BigInt(value) && BigInt(value) <= high)
      .map(({ label }) => label);
    return {
      type: { kind: 'enumeration', container, mappings: ranges },
      value: { value, labels },
    };
  });

const scalar: fc.Arbitrary<Typed> = fc.oneof(integer, float, text, textArray, enumeration);

function alone(typed: fc.Arbitrary<Typed>): fc.Arbitrary<Fields> {
  return typed.map(({ type, value }) => [{ name: 'it', type, value }]);
}

const array: fc.Arbitrary<Fields> = fc
  .tuple(scalar, fc.integer({ min: 0, max: 3 }))
  .map(([{ type, value }, length]) => [
    {
      name: 'array',
      type: { kind: 'array', length, element: type },
      value: Array.from({ length }, () => value),
    },
  ]);

const sequence: fc.Arbitrary<Fields> = fc
  .tuple(scalar, fc.integer({ min: 0, max: 3 }))
  .map(([{ type, value }, length]) => [
    { name: 'length', type: integerType(8), value: length },
    {
      name: 'sequence',
      type: { kind: 'sequence', length: ['length'], element: type },
      value: Array.from({ length }, () => value),
    },
  ]);

const variant: fc.Arbitrary<Fields> = fc
  .tuple(scalar, scalar, fc.integer({ min: 0, max: 1 }))
  .map(([zero, one, chosen]) => {
    const options = [
      { name: 'zero', type: zero.type },
      { name: 'one', type: one.type },
    ];
    const mappings = options.map(({ name }, n) => ({
      label: name,
      low: BigInt(n),
      high: BigInt(n),
    }));
    const label = options[chosen]!.name;
    return [
      {
        name: 'tag',
        type: { kind: 'enumeration', container: integerType(8), mappings },
        value: { value: chosen, labels: [label] },
      },
      {
        name: 'variant',
        type: { kind: 'variant', tag: ['tag'], options },
        value: { option: label, value: chosen === 0 ? zero.value : one.value },
      },
    ];
  });

const nested: fc.Arbitrary<Fields> = fc.tuple(scalar, scalar, integer).map((inner) => {
  const { type, value } = structureOf(inner.map((typed) => [{ name: 'inner', ...typed }]));
  return [{ name: 'structure', type, value }];
});

const group: fc.Arbitrary<Fields> = fc.oneof(alone(scalar), array, sequence, variant, nested);

/** A structure of any fields, with a value of it. */
export interface TypedStructure {
  readonly type: StructureType;
  readonly value: StructureValue;
}

/** Fields of groups beside each other, under names of their own. */
function structureOf(groups: readonly Fields[]): TypedStructure {
  const fields: NamedField[] = [];
  const value: Record<string, FieldValue> = {};
  for (const [n, group] of groups.entries())
    for (const field of group) {
      const name = `${field.name}${n}`;
      fields.push({ name, type: referring(field.type, n) });
      value[name] = field.value;
    }
  return { type: { kind: 'structure', minAlignBits: 1, fields }, value };
}

function referring(type: FieldType, n: number): FieldType {
  if (type.kind === 'sequence') return { ...type, length: [`length${n}`] };
  return type.kind === 'variant' ? { ...type, tag: [`tag${n}`] } : type;
}

/** Structures of fields of all kinds. */
export const structure: fc.Arbitrary<TypedStructure> = fc
  .array(group, { minLength: 1, maxLength: 6 })
  .map(structureOf);

/** Structures of fields without lengths or tags. */
export const scalars: fc.Arbitrary<TypedStructure> = fc
  .array(alone(scalar), { minLength: 1, maxLength: 3 })
  .map(structureOf);
