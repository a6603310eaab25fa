import type { Token } from '../litmus/token.js';
import type { CExpression } from './c-expression.js';
import type { FunctionScope } from './function-scope.js';
import type { LocationKind } from './lkmm-test.js';
import type { ParameterKind } from './primitive.js';

const POINTERS: Readonly<Record<'pointer' | 'lock' | 'srcu', readonly [LocationKind, string]>> = {
  pointer: ['word', 'a pointer to a word'],
  lock: ['lock', 'a pointer to a spinlock_t'],
  srcu: ['srcu', 'a pointer to a struct srcu_struct'],
};

type ExpressionParser = (scope: FunctionScope) => CExpression;

/**
 * Reads the arguments of a primitive, parentheses included.
 *
 * @param parse - reads an argument
 * @returns values, and the addresses of targets
 * @throws LitmusError `ERR_LITMUS_SYNTAX` for too few, too many or what is no target;
 *   `ERR_LITMUS_REFERENCE` for a pointer to something else
 */
export function takeArguments(
  scope: FunctionScope,
  parameters: readonly ParameterKind[],
  parse: ExpressionParser,
): readonly CExpression[] {
  const { stream } = scope;
  stream.expect('(');
  const given = parameters.map((kind, index) => {
    if (index > 0) stream.expect(',', "',' and one more argument");
    return takeArgument(scope, kind, parse);
  });
  stream.expect(')', parameters.length === 0 ? "')'" : "an operator or ')'");
  return given;
}

function takeArgument(
  scope: FunctionScope,
  kind: ParameterKind,
  parse: ExpressionParser,
): CExpression {
  const token = scope.stream.peek();
  const expression = parse(scope);
  if (kind === 'value') return expression;
  if (kind === 'target') {
    if (expression.kind === 'load' && expression.order === 'plain') return expression.address;
    return scope.stream.fail('something to assign to, such as *x', token);
  }
  checkPointer(scope, expression, kind, token);
  return expression;
}

function checkPointer(
  scope: FunctionScope,
  expression: CExpression,
  kind: 'pointer' | 'lock' | 'srcu',
  token: Token,
): void {
  const [wanted, phrase] = POINTERS[kind];
  const isNamed = expression.kind === 'address';
  if (isNamed && scope.parameters.get(expression.location) === wanted) return;
  if (!isNamed && expression.kind !== 'constant' && wanted === 'word') return;
  scope.stream.fail(phrase, token, 'ERR_LITMUS_REFERENCE');
}
