import { endOfLine, skipBlank } from '../litmus/skip-blank.js';
import type { SourceText } from '../litmus/source-text.js';
import type { Token, TokenKind } from '../litmus/token.js';

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['integer', /(?:0[xX][0-9A-Fa-f]+|[0-9]+)[uUlL]*/y],
  [
    'punctuation',
    /\/\\|\\\/|=>|<<=|>>=|[-+*/%&|^=!<>]=|&&|\|\||\+\+|--|->|<<|>>|<>|[-+*/%&|^~!?.<>=(){}[\];:,$]/y,
  ],
];

const FUNCTION_NAME = /^P\d+$/;
const WHITE_SPACE = /\s*/y;

/**
 * Cuts the text behind the header of a C test into tokens; the last one is the end.
 *
 * `(*` begins a comment outside of functions and is an argument inside of them, where comments are
 * those of C: so a function, from its name to its closing brace, is told from the rest.
 *
 * @throws LitmusError `ERR_LITMUS_SYNTAX` when a comment is not closed.
 */
export function tokenizeC(source: SourceText, from: number): readonly Token[] {
  const tokens: Token[] = [];
  const extent = new FunctionExtent();
  let offset = skipOutside(source, from);
  while (offset < source.text.length) {
    const token = tokenAt(source.text, offset);
    tokens.push(token);
    extent.note(token, tokens.at(-2));
    offset = extent.isInside ? skipInside(source, token.end) : skipOutside(source, token.end);
  }
  tokens.push({ kind: 'end', text: '', start: offset, end: offset });
  return tokens;
}

/** Tells by brackets whether a function has begun and not ended. */
class FunctionExtent {
  isInside = false;
  #depth = 0;

  note({ text }: Token, before: Token | undefined): void {
    if (!this.isInside) {
      this.isInside = text === '(' && before !== undefined && FUNCTION_NAME.test(before.text);
      this.#depth = 0;
    } else if (text === '{') this.#depth += 1;
    else if (text === '}') this.isInside = --this.#depth > 0;
  }
}

function skipOutside(source: SourceText, from: number): number {
  let offset = from;
  for (;;) {
    const next = skipBlank(source, offset);
    if (!source.text.startsWith('/*', next)) return next;
    offset = skipComment(source, next);
  }
}

function skipInside(source: SourceText, from: number): number {
  const { text } = source;
  let offset = from;
  for (;;) {
    WHITE_SPACE.lastIndex = offset;
    WHITE_SPACE.test(text);
    offset = WHITE_SPACE.lastIndex;
    if (text.startsWith('/*', offset)) offset = skipComment(source, offset);
    else if (text.startsWith('//', offset)) offset = endOfLine(text, offset);
    else return offset;
  }
}

function skipComment(source: SourceText, start: number): number {
  const close = source.text.indexOf('*/', start + 2);
  if (close !== -1) return close + 2;
  return source.fail(
    'ERR_LITMUS_SYNTAX',
    start,
    "'*/' to close this comment",
    'the end of the file',
  );
}

function tokenAt(text: string, start: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (match) return { kind, text: match[0], start, end: pattern.lastIndex };
  }
  const end = start + String.fromCodePoint(text.codePointAt(start)!).length;
  return { kind: 'unknown', text: text.slice(start, end), start, end };
}
