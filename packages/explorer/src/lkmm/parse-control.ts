import type { CExpression } from './c-expression.js';
import type { CStatement } from './c-statement.js';
import type { FunctionScope } from './function-scope.js';
import { parseExpression } from './parse-expression.js';

/** Deeper nesting is refused, so that neither parsing nor translating can exhaust the stack. */
const DEEPEST = 100;

/** The parsers of what stands inside of control statements. */
export interface StatementParsers {
  /** Any statement. */
  statement(scope: FunctionScope, depth: number): readonly CStatement[];
  /** An assignment or a call, without the semicolon. */
  simple(scope: FunctionScope): readonly CStatement[];
}

type Parser = (
  scope: FunctionScope,
  depth: number,
  parsers: StatementParsers,
) => readonly CStatement[];

const PARSERS: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  ['if', parseIf],
  ['while', parseWhile],
  ['do', parseDo],
  ['for', parseFor],
  ['break', (scope) => parseJump(scope, 'break')],
  ['continue', (scope) => parseJump(scope, 'continue')],
]);

/**
 * Parses `if`, a loop, `break` or `continue`, if one of them comes.
 *
 * @throws LitmusError whatever is wrong with it, with line and column
 */
export function parseControl(
  scope: FunctionScope,
  depth: number,
  parsers: StatementParsers,
): readonly CStatement[] | undefined {
  const { stream } = scope;
  if (depth > DEEPEST) stream.fail(`statements nested at most ${DEEPEST} deep`);
  const { kind, text } = stream.peek();
  const parser = kind === 'name' ? PARSERS.get(text) : undefined;
  if (parser === undefined) return undefined;
  stream.take();
  return parser(scope, depth + 1, parsers);
}

function parseIf(
  scope: FunctionScope,
  depth: number,
  parsers: StatementParsers,
): readonly CStatement[] {
  const condition = parseCondition(scope);
  const calls = scope.takeCalls();
  const then = parsers.statement(scope, depth);
  const otherwise = scope.stream.accept('else') ? parsers.statement(scope, depth) : [];
  return [...calls, { kind: 'if', condition, then, otherwise }];
}

function parseWhile(
  scope: FunctionScope,
  depth: number,
  parsers: StatementParsers,
): readonly CStatement[] {
  const test = leaveUnless(scope, parseCondition(scope));
  const body = scope.insideLoop(() => parsers.statement(scope, depth));
  return [{ kind: 'loop', body: [...test, ...body], step: [] }];
}

function parseDo(
  scope: FunctionScope,
  depth: number,
  parsers: StatementParsers,
): readonly CStatement[] {
  const body = scope.insideLoop(() => parsers.statement(scope, depth));
  scope.stream.expect('while');
  const step = leaveUnless(scope, parseCondition(scope));
  scope.stream.expect(';', "';' behind the loop");
  return [{ kind: 'loop', body, step }];
}

function parseFor(
  scope: FunctionScope,
  depth: number,
  parsers: StatementParsers,
): readonly CStatement[] {
  const { stream } = scope;
  stream.expect('(');
  const first = stream.isAt(';') ? [] : parsers.simple(scope);
  stream.expect(';', "';' behind the first part of the loop");
  const test = stream.isAt(';') ? [] : leaveUnless(scope, parseExpression(scope));
  stream.expect(';', "';' behind the condition of the loop");
  const step = stream.isAt(')') ? [] : parsers.simple(scope);
  stream.expect(')');
  const body = scope.insideLoop(() => parsers.statement(scope, depth));
  return [...first, { kind: 'loop', body: [...test, ...body], step }];
}

function parseJump(scope: FunctionScope, kind: 'break' | 'continue'): readonly CStatement[] {
  const { stream } = scope;
  if (!scope.isInLoop) stream.fail('a loop around this', stream.last());
  stream.expect(';', `';' behind '${kind}'`);
  return [{ kind }];
}

function parseCondition(scope: FunctionScope): CExpression {
  scope.stream.expect('(');
  const condition = parseExpression(scope);
  scope.stream.expect(')', "an operator or ')'");
  return condition;
}

function leaveUnless(scope: FunctionScope, condition: CExpression): readonly CStatement[] {
  const calls = scope.takeCalls();
  return [...calls, { kind: 'if', condition, then: [], otherwise: [{ kind: 'break' }] }];
}
