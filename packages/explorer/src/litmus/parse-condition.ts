import type { LitmusCondition, Quantifier } from './litmus-question.js';
import { parseProposition } from './parse-proposition.js';
import type { TokenStream } from './token-stream.js';

const QUANTIFIERS: ReadonlyMap<string, Quantifier> = new Map([
  ['exists', 'exists'],
  ['final', 'exists'],
  ['forall', 'forall'],
]);

/** Whether the part behind the program begins here, `locations` or a condition. */
export function isAtCondition(stream: TokenStream): boolean {
  if (stream.isAt('~') || stream.isAt('not') || stream.isAt('(')) return true;
  if (stream.isAt('locations')) return stream.isAt('[', 1);
  if (stream.isAt('filter')) return true;
  const token = stream.peek();
  return token.kind === 'name' && QUANTIFIERS.has(token.text);
}

/**
 * Parses the condition up to the end of the file.
 *
 * A proposition in parentheses alone means that one exists, as `final` does; no condition at all,
 * which only a test with `locations [...]` may have, claims nothing: `forall true`.
 *
 * @param mayBeAbsent - whether the file may end here
 * @throws LitmusError `ERR_LITMUS_SYNTAX`
 */
export function parseCondition(stream: TokenStream, mayBeAbsent: boolean): LitmusCondition {
  if (mayBeAbsent && stream.peek().kind === 'end')
    return { quantifier: 'forall', proposition: { kind: 'constant', value: true } };
  const quantifier = takeQuantifier(stream);
  const proposition = parseProposition(stream);
  stream.accept(';');
  if (stream.peek().kind !== 'end') stream.fail("'/\\', '\\/', '=>' or the end of the file");
  return { quantifier, proposition };
}

function takeQuantifier(stream: TokenStream): Quantifier {
  if (stream.accept('~') || stream.accept('not')) {
    stream.expect('exists');
    return 'not-exists';
  }
  if (stream.isAt('(')) return 'exists';
  const token = stream.peek();
  const quantifier = token.kind === 'name' ? QUANTIFIERS.get(token.text) : undefined;
  if (!quantifier) return stream.fail("'exists', '~exists', 'forall' or 'final'");
  stream.take();
  return quantifier;
}
