/** A filter as it was written: a tree. Columns count from 1. */
export type Expression =
  | NumberLiteral
  | TextLiteral
  | FieldReference
  | ContextReference
  | UnaryExpression
  | BinaryExpression;

/** What all expressions have. */
interface Located {
  /** Where it begins; of an operation, where the operator is. */
  readonly column: number;
}

/** An integer of 64 bits, or a floating point number. */
export interface NumberLiteral extends Located {
  readonly kind: 'number';
  readonly value: number | bigint;
  readonly isFloat: boolean;
}

/** Text between quotes. */
export interface TextLiteral extends Located {
  readonly kind: 'text';
  /** The text, cut at each `*` that stands for any characters. */
  readonly parts: readonly string[];
}

/** A field of the payload, or a part of one: names of members, numbers of elements. */
export interface FieldReference extends Located {
  readonly kind: 'field';
  readonly path: readonly [string, ...(string | number)[]];
}

/** A context, `$ctx.name`. */
export interface ContextReference extends Located {
  readonly kind: 'context';
  readonly name: string;
}

/** `-`, `+`, `!` or `~` in front of something. */
export interface UnaryExpression extends Located {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

/** An operator between two expressions. */
export interface BinaryExpression extends Located {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** Operators in front of their operand. */
export type UnaryOperator = '-' | '+' | '!' | '~';

/** Operators between two operands. */
export type BinaryOperator =
  '<<' | '>>' | '&' | '^' | '|' | '<' | '<=' | '>' | '>=' | '==' | '!=' | '&&' | '||';

/**
 * Operators by how tightly they bind, the loosest first. Bitwise ones bind tighter than comparisons: other than
 * in C, `2 & 2 == 2` is true.
 *
 * @source lttng-event-rule(7), "Event payload and context filter condition"
 */
export const PRECEDENCE: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
];

/** Operators in front of their operand, all of one precedence. */
export const UNARY_OPERATORS: readonly UnaryOperator[] = ['-', '+', '!', '~'];
