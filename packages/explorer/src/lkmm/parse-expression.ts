import { takeInteger } from '../litmus/integer-literal.js';
import type { Token } from '../litmus/token.js';
import type { BinaryOperator, CExpression, UnaryOperator } from './c-expression.js';
import type { FunctionScope } from './function-scope.js';
import { isAtType, skipType } from './parse-type.js';
import { PRIMITIVES } from './primitives.js';
import { takeArguments } from './parse-arguments.js';

/** Deeper nesting is refused, so that neither parsing nor translating can exhaust the stack. */
const DEEPEST = 100;

/** Binary operators from the loosest to the tightest; those of one line associate to the left. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*'],
];

const UNARY: ReadonlySet<string> = new Set(['!', '-', '~']);

/**
 * Parses an expression with the precedences of C. Types are read and do not matter: every value is a
 * word.
 *
 * @throws LitmusError `ERR_LITMUS_SYNTAX`, `ERR_LITMUS_REFERENCE` for an unknown name,
 *   `ERR_LITMUS_INSTRUCTION` for an unknown primitive
 */
export function parseExpression(scope: FunctionScope, depth = 0): CExpression {
  const { stream } = scope;
  if (depth > DEEPEST) stream.fail(`an expression nested at most ${DEEPEST} deep`);
  const condition = parseLevel(scope, 0, depth);
  if (!stream.accept('?')) return condition;
  return scope.conditionally(() => {
    const then = parseExpression(scope, depth + 1);
    stream.expect(':', "':' of a conditional expression");
    return { kind: 'choice', condition, then, otherwise: parseExpression(scope, depth + 1) };
  });
}

function parseLevel(scope: FunctionScope, level: number, depth: number): CExpression {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(scope, depth);
  let left = parseLevel(scope, level + 1, depth);
  for (;;) {
    const operator = operators.find((candidate) => scope.stream.isAt(candidate));
    if (operator === undefined) return left;
    scope.stream.take();
    if (operator === '&&' || operator === '||') {
      const right = scope.conditionally(() => parseLevel(scope, level + 1, depth));
      left = { kind: 'logical', operator, left, right };
    } else {
      const right = parseLevel(scope, level + 1, depth);
      left = { kind: 'binary', operator: operator as BinaryOperator, left, right };
    }
  }
}

function parseUnary(scope: FunctionScope, depth: number): CExpression {
  const { stream } = scope;
  if (depth > DEEPEST) stream.fail(`an expression nested at most ${DEEPEST} deep`);
  const { text } = stream.peek();
  if (stream.accept('*')) return parseDereference(scope, depth);
  if (stream.accept('&')) return addressOf(scope);
  if (stream.accept('+')) return parseUnary(scope, depth + 1);
  if (UNARY.has(text) && stream.accept(text)) {
    const operand = parseUnary(scope, depth + 1);
    return { kind: 'unary', operator: text as UnaryOperator, operand };
  }
  if (stream.isAt('(')) return parseParenthesis(scope, depth);
  return parsePrimary(scope);
}

function parseDereference(scope: FunctionScope, depth: number): CExpression {
  const token = scope.stream.peek();
  const address = parseUnary(scope, depth + 1);
  if (address.kind === 'address' && scope.parameters.get(address.location) !== 'word')
    scope.stream.fail('a location that holds a word', token, 'ERR_LITMUS_REFERENCE');
  return { kind: 'load', address, order: 'plain' };
}

/** `&*x` is x; variables are in registers and have no address. */
function addressOf(scope: FunctionScope): CExpression {
  const token = scope.stream.peek();
  const operand = parseUnary(scope, 0);
  if (operand.kind === 'load' && operand.order === 'plain') return operand.address;
  return scope.stream.fail('something with an address, such as *x', token);
}

function parseParenthesis(scope: FunctionScope, depth: number): CExpression {
  const { stream } = scope;
  stream.expect('(');
  if (isAtType(stream)) {
    skipType(stream);
    stream.expect(')', "'*' or ')' behind the type of a cast");
    return parseUnary(scope, depth + 1);
  }
  const inner = parseExpression(scope, depth + 1);
  stream.expect(')', "an operator or ')'");
  return inner;
}

function parsePrimary(scope: FunctionScope): CExpression {
  const { stream } = scope;
  if (stream.peek().kind === 'integer')
    return { kind: 'constant', value: takeInteger(stream, 'an integer') };
  const name = stream.expectKind('name', 'an expression');
  return stream.isAt('(') ? parseCall(scope, name) : scope.resolve(name);
}

function parseCall(scope: FunctionScope, name: Token): CExpression {
  const { stream } = scope;
  const primitive = PRIMITIVES.get(name.text);
  if (primitive === undefined)
    return stream.fail(
      'a primitive of the Linux kernel memory model',
      name,
      'ERR_LITMUS_INSTRUCTION',
    );
  const given = scope.nested(() => takeArguments(scope, primitive.parameters, parseExpression));
  if (primitive.kind === 'value') return primitive.value(given);
  if (primitive.kind === 'action' || !primitive.givesValue)
    return stream.fail('a primitive that gives a value', name, 'ERR_LITMUS_INSTRUCTION');
  const text = stream.source.text.slice(name.start, stream.last().end);
  const position = stream.source.positionAt(name.start);
  return scope.hoist(
    { kind: 'call', call: primitive.call, arguments: given, position, text },
    name,
  );
}
