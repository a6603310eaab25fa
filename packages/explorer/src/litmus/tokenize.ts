import { skipBlank } from './skip-blank.js';
import type { SourceText } from './source-text.js';
import type { Token, TokenKind } from './token.js';

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['name', /[A-Za-z_.][A-Za-z0-9_.]*/y],
  ['integer', /-?(?:0[xX][0-9A-Fa-f]+|[0-9]+)/y],
  ['register', /%[A-Za-z0-9_]+/y],
  ['punctuation', /\/\\|\\\/|=>|==|!=|<>|[{}()[\];:,=|~$&*]/y],
];

/**
 * Cuts the text behind the header into tokens; the last one is the end.
 *
 * @param from - offset to start at
 * @throws LitmusError `ERR_LITMUS_SYNTAX` when a comment is not closed.
 */
export function tokenize(source: SourceText, from: number): readonly Token[] {
  const tokens: Token[] = [];
  let offset = skipBlank(source, from);
  while (offset < source.text.length) {
    const token = tokenAt(source.text, offset);
    tokens.push(token);
    offset = skipBlank(source, token.end);
  }
  tokens.push({ kind: 'end', text: '', start: offset, end: offset });
  return tokens;
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
