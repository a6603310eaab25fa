import type { BinaryOperator, UnaryOperator } from '../../src/lkmm/c-expression.js';
import type { LitmusValue } from '../../src/litmus/litmus-value.js';

/** Whether a value counts as true: every address does. */
export function isTrue(value: LitmusValue): boolean {
  return value !== 0;
}

/** An operator on two values; addresses can only be compared. */
export function evaluateBinary(
  operator: BinaryOperator,
  left: LitmusValue,
  right: LitmusValue,
): number {
  if (operator === '==') return left === right ? 1 : 0;
  if (operator === '!=') return left === right ? 0 : 1;
  if (typeof left === 'string' || typeof right === 'string')
    throw new Error(`an address in ${left} ${operator} ${right}`);
  switch (operator) {
    case '+':
      return (left + right) | 0;
    case '-':
      return (left - right) | 0;
    case '*':
      return Math.imul(left, right);
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      return left << right;
    case '>>':
      return left >> right;
    case '<':
      return left < right ? 1 : 0;
    case '<=':
      return left <= right ? 1 : 0;
    case '>':
      return left > right ? 1 : 0;
    case '>=':
      return left >= right ? 1 : 0;
  }
}

/** An operator on one value; of an address only whether it is none can be asked. */
export function evaluateUnary(operator: UnaryOperator, operand: LitmusValue): number {
  if (operator === '!') return isTrue(operand) ? 0 : 1;
  if (typeof operand === 'string') throw new Error(`an address in ${operator}${operand}`);
  return operator === '~' ? ~operand : -operand | 0;
}
