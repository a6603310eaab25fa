import type { Token } from '../litmus/token.js';
import type { BinaryOperator, CExpression } from './c-expression.js';
import type { CStatement, StatementPlace } from './c-statement.js';
import type { FunctionScope } from './function-scope.js';
import { takeArguments } from './parse-arguments.js';
import { parseExpression } from './parse-expression.js';
import { parseControl, type StatementParsers } from './parse-control.js';
import { isAtType, skipType } from './parse-type.js';
import { PRIMITIVES } from './primitives.js';

const COMPOUND: ReadonlyMap<string, BinaryOperator> = new Map([
  ['+=', '+'],
  ['-=', '-'],
  ['*=', '*'],
  ['&=', '&'],
  ['|=', '|'],
  ['^=', '^'],
  ['<<=', '<<'],
  ['>>=', '>>'],
]);

/** What a statement can begin with besides a name. */
const STARTS: ReadonlySet<string> = new Set(['*', '(', '++', '--']);

const ONE: CExpression = { kind: 'constant', value: 1 };

const PARSERS: StatementParsers = { statement: parseStatement, simple: parseSimple };

/**
 * Parses one statement of a function, a block or a declaration included.
 *
 * @throws LitmusError whatever is wrong with it, with line and column
 */
function parseStatement(scope: FunctionScope, depth = 0): readonly CStatement[] {
  const { stream } = scope;
  if (stream.accept(';')) return [];
  if (stream.isAt('{')) return scope.nested(() => parseBlock(scope, depth));
  if (isAtType(stream)) return parseDeclaration(scope);
  const control = parseControl(scope, depth, PARSERS);
  if (control !== undefined) return control;
  const statements = parseSimple(scope);
  stream.expect(';', "';' behind the statement");
  return statements;
}

/** Parses a block, braces included. @throws LitmusError as {@link parseStatement} does */
export function parseBlock(scope: FunctionScope, depth: number): readonly CStatement[] {
  const { stream } = scope;
  stream.expect('{');
  const statements: CStatement[] = [];
  while (!stream.accept('}')) statements.push(...parseStatement(scope, depth));
  return statements;
}

function parseDeclaration(scope: FunctionScope): readonly CStatement[] {
  const { stream } = scope;
  skipType(stream);
  const statements: CStatement[] = [];
  do {
    while (stream.accept('*'));
    const start = stream.peek();
    const name = scope.declare(stream.expectKind('name', 'the name of a variable'));
    if (!stream.accept('=')) continue;
    const value = parseExpression(scope);
    statements.push(...scope.assignment(name, value, placeFrom(scope, start)));
  } while (stream.accept(','));
  stream.expect(';', "'=', ',' or ';' behind the variable");
  return statements;
}

/** Parses an assignment, an increment or a call, without the semicolon: also the parts of a `for`. */
function parseSimple(scope: FunctionScope): readonly CStatement[] {
  const { stream } = scope;
  const start = stream.peek();
  if (start.kind === 'name' && stream.isAt('(', 1)) return parseAction(scope, start);
  if (start.kind !== 'name' && !STARTS.has(start.text)) stream.fail('a statement');
  const prefix = ['++', '--'].find((operator) => stream.accept(operator));
  const target = parseTarget(scope);
  if (prefix !== undefined) return assign(scope, target, start, step(prefix, target.now()));
  const compound = COMPOUND.get(stream.peek().text);
  if (compound !== undefined) {
    stream.take();
    const left = target.now();
    const right = parseExpression(scope);
    return assign(scope, target, start, { kind: 'binary', operator: compound, left, right });
  }
  const postfix = ['++', '--'].find((operator) => stream.accept(operator));
  if (postfix !== undefined) return assign(scope, target, start, step(postfix, target.now()));
  stream.expect('=', 'an assignment');
  return assign(scope, target, start, parseExpression(scope));
}

function step(operator: string, left: CExpression): CExpression {
  return { kind: 'binary', operator: operator === '++' ? '+' : '-', left, right: ONE };
}

/** A call of a primitive whose value, if it has one, nobody wants. */
function parseAction(scope: FunctionScope, name: Token): readonly CStatement[] {
  const { stream } = scope;
  const primitive = PRIMITIVES.get(name.text);
  if (primitive === undefined || primitive.kind === 'value') {
    const value = parseExpression(scope);
    const place = placeFrom(scope, name);
    return [...scope.takeCalls(), { kind: 'evaluate', value, ...place }];
  }
  stream.take();
  const given = takeArguments(scope, primitive.parameters, parseExpression);
  const place = placeFrom(scope, name);
  const calls = scope.takeCalls();
  if (primitive.kind === 'action')
    return [...calls, ...primitive.act(given).map((act): CStatement => ({ ...act, ...place }))];
  return [...calls, { kind: 'call', call: primitive.call, arguments: given, ...place }];
}

/** What an assignment changes: a variable, which need not be declared, or memory. */
interface Target {
  readonly variable?: Token;
  readonly address?: CExpression;
  /** Its value before the assignment. */
  readonly now: () => CExpression;
}

function parseTarget(scope: FunctionScope): Target {
  const { stream } = scope;
  const token = stream.peek();
  if (token.kind === 'name') {
    stream.take();
    return { variable: token, now: () => scope.resolve(token) };
  }
  const place = parseExpression(scope);
  if (place.kind === 'load' && place.order === 'plain')
    return { address: place.address, now: () => place };
  return stream.fail('a statement', token);
}

function assign(
  scope: FunctionScope,
  target: Target,
  start: Token,
  value: CExpression,
): readonly CStatement[] {
  const place = placeFrom(scope, start);
  if (target.variable !== undefined)
    return scope.assignment(scope.declare(target.variable), value, place);
  const { address } = target;
  return [
    ...scope.takeCalls(),
    { kind: 'store', address: address!, value, order: 'plain', ...place },
  ];
}

function placeFrom({ stream }: FunctionScope, start: Token): StatementPlace {
  const { source } = stream;
  const text = source.text.slice(start.start, stream.last().end);
  return { position: source.positionAt(start.start), text };
}
