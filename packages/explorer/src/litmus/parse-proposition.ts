import { isAtRegister, takeObservable, takeValue } from './parse-observable.js';
import type { Observable } from './observable.js';
import type { Proposition } from './proposition.js';
import type { TokenStream } from './token-stream.js';

/** Deeper nesting is refused, so that neither parsing nor evaluating can exhaust the stack. */
const DEEPEST = 200;

/**
 * Parses a proposition: comparisons, `true`, `false`, `not` and `~`, `=>`, `/\`, `\/` from the
 * tightest to the loosest, and parentheses.
 *
 * @throws LitmusError `ERR_LITMUS_SYNTAX`, also for one nested more than 200 deep.
 */
export function parseProposition(stream: TokenStream): Proposition {
  return parseList(stream, 'or', 0);
}

function parseList(stream: TokenStream, kind: 'and' | 'or', depth: number): Proposition {
  const operator = kind === 'or' ? '\\/' : '/\\';
  const operands: Proposition[] = [];
  do operands.push(kind === 'or' ? parseList(stream, 'and', depth) : parseImplies(stream, depth));
  while (stream.accept(operator));
  return operands.length === 1 ? operands[0]! : { kind, operands };
}

function parseImplies(stream: TokenStream, depth: number): Proposition {
  if (depth > DEEPEST) stream.fail(`a proposition nested at most ${DEEPEST} deep`);
  const premise = parseUnary(stream, depth);
  if (!stream.accept('=>')) return premise;
  return { kind: 'implies', premise, conclusion: parseImplies(stream, depth + 1) };
}

function parseUnary(stream: TokenStream, depth: number): Proposition {
  if (depth > DEEPEST) stream.fail(`a proposition nested at most ${DEEPEST} deep`);
  if (stream.accept('not') || stream.accept('~'))
    return { kind: 'not', operand: parseUnary(stream, depth + 1) };
  if (stream.accept('true')) return { kind: 'constant', value: true };
  if (stream.accept('false')) return { kind: 'constant', value: false };
  if (!stream.accept('(')) return parseComparison(stream);
  const proposition = parseList(stream, 'or', depth + 1);
  stream.expect(')', "'/\\', '\\/', '=>' or ')'");
  return proposition;
}

function parseComparison(stream: TokenStream): Proposition {
  const observable = takeObservable(stream, 'a proposition such as 0:rax=1 or x=1');
  const unequal = stream.accept('!=') || stream.accept('<>');
  if (!unequal && !stream.accept('==')) stream.expect('=', "'=' or '!='");
  const equality = parseRightSide(stream, observable);
  return unequal ? { kind: 'not', operand: equality } : equality;
}

function parseRightSide(stream: TokenStream, observable: Observable): Proposition {
  if (!isAtRegister(stream) && !stream.isAt('['))
    return { kind: 'has-value', observable, value: takeValue(stream) };
  const other = takeObservable(stream, 'a register or location');
  return { kind: 'same-value', observable, other };
}
