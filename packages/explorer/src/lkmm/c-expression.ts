/** What is read, combined and given back without any help of the kernel. */
export type CExpression =
  | { readonly kind: 'constant'; readonly value: number }
  /** The address of a named location: a parameter of the function. */
  | { readonly kind: 'address'; readonly location: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'load'; readonly address: CExpression; readonly order: LoadOrder }
  | UpdateExpression
  /** The old word; `desired` is stored where it equals `expected`. */
  | {
      readonly kind: 'compare-exchange';
      readonly address: CExpression;
      readonly expected: CExpression;
      readonly desired: CExpression;
    }
  /** Adds unless the word is `unless`; 1 if it added. */
  | {
      readonly kind: 'add-unless';
      readonly address: CExpression;
      readonly operand: CExpression;
      readonly unless: CExpression;
    }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: CExpression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: CExpression;
      readonly right: CExpression;
    }
  /** The right side is evaluated only where the left one does not decide. */
  | {
      readonly kind: 'logical';
      readonly operator: '&&' | '||';
      readonly left: CExpression;
      readonly right: CExpression;
    }
  | {
      readonly kind: 'choice';
      readonly condition: CExpression;
      readonly then: CExpression;
      readonly otherwise: CExpression;
    };

/** An atomic read-modify-write of one word. */
export interface UpdateExpression {
  readonly kind: 'update';
  readonly operation: UpdateOperation;
  readonly address: CExpression;
  readonly operand: CExpression;
  /** Which word the expression is worth: the one before or the one after. */
  readonly gives: 'old' | 'new';
}

/** What a load keeps after itself: nothing, or all later accesses. */
export type LoadOrder = 'plain' | 'acquire';

/** What an {@link UpdateExpression} makes of the word and its operand. */
export type UpdateOperation = 'add' | 'and' | 'or' | 'xor' | 'exchange';

/** Operators with one operand. */
export type UnaryOperator = '!' | '-' | '~';

/** Operators that evaluate both operands. */
export type BinaryOperator =
  '+' | '-' | '*' | '&' | '|' | '^' | '<<' | '>>' | '==' | '!=' | '<' | '<=' | '>' | '>=';

/** The expressions directly inside one. */
export function operandsOfExpression(expression: CExpression): readonly CExpression[] {
  switch (expression.kind) {
    case 'constant':
    case 'address':
    case 'variable':
      return [];
    case 'load':
      return [expression.address];
    case 'update':
      return [expression.address, expression.operand];
    case 'compare-exchange':
      return [expression.address, expression.expected, expression.desired];
    case 'add-unless':
      return [expression.address, expression.operand, expression.unless];
    case 'unary':
      return [expression.operand];
    case 'binary':
    case 'logical':
      return [expression.left, expression.right];
    case 'choice':
      return [expression.condition, expression.then, expression.otherwise];
  }
}
