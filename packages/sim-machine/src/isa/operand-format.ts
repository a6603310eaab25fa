/**
 * One operand as it stands in assembly, and the field of the word that it fills:
 *
 * | operand     | written     | field                                                          |
 * |-------------|-------------|----------------------------------------------------------------|
 * | a, b, c     | `r3`        | bits 6 to 9, 10 to 13, 14 to 17                                |
 * | pair        | `r4`        | a; even, stands for r4 (low word) and r5 (high word)           |
 * | immediate   | `-5`        | bits 14 to 31, signed                                          |
 * | shift       | `3`         | bits 14 to 31, 0 to 31                                         |
 * | literal     | `0x10`, `l` | the word behind the instruction; a label stands for its address |
 * | memory      | `[r2 + 8]`  | b, and an offset in bytes in bits 14 to 31, signed             |
 * | shortMemory | `[r2 + 8]`  | b, and an offset in bytes in bits 18 to 31, signed             |
 * | target      | `l`, `.+8`  | bits 14 to 31, signed: words from this instruction              |
 */
export type Operand =
  | 'a'
  | 'b'
  | 'c'
  | 'pair'
  | 'immediate'
  | 'shift'
  | 'literal'
  | 'memory'
  | 'shortMemory'
  | 'target';

/** The operands of every instruction format, in the order in which they are written. */
export const OPERAND_FORMATS = {
  none: [],
  a: ['a'],
  ab: ['a', 'b'],
  abc: ['a', 'b', 'c'],
  aImmediate: ['a', 'immediate'],
  aLiteral: ['a', 'literal'],
  abImmediate: ['a', 'b', 'immediate'],
  abShift: ['a', 'b', 'shift'],
  aMemory: ['a', 'memory'],
  pairMemory: ['pair', 'memory'],
  aMemoryC: ['a', 'shortMemory', 'c'],
  abTarget: ['a', 'b', 'target'],
  target: ['target'],
} as const;

/** The name of an instruction format. */
export type OperandFormat = keyof typeof OPERAND_FORMATS;

/** Where the immediate of a format is: in bits 14 to 31 or 18 to 31, in the next word, nowhere. */
export type ImmediatePlace = 14 | 18 | 'literal' | undefined;

/** The fields of the word that a format uses. */
export interface FormatFields {
  readonly a: boolean;
  readonly b: boolean;
  readonly c: boolean;
  readonly immediate: ImmediatePlace;
  /** Whether a names the first of two registers. */
  readonly pair: boolean;
}

const FIELDS: ReadonlyMap<string, FormatFields> = new Map(
  Object.entries(OPERAND_FORMATS).map(([format, operands]) => [format, fieldsOfOperands(operands)]),
);

/** The fields of the word that a format uses. */
export function fieldsOf(format: OperandFormat): FormatFields {
  return FIELDS.get(format)!;
}

function fieldsOfOperands(operands: readonly Operand[]): FormatFields {
  const has = (...some: Operand[]): boolean => some.some((operand) => operands.includes(operand));
  return {
    a: has('a', 'pair'),
    b: has('b', 'memory', 'shortMemory'),
    c: has('c'),
    immediate: has('immediate', 'shift', 'memory', 'target')
      ? 14
      : has('shortMemory')
        ? 18
        : has('literal')
          ? 'literal'
          : undefined,
    pair: has('pair'),
  };
}
