import type { SourceText } from './source-text.js';

const BLANK = /\s*/y;

/**
 * The offset of the next character that is neither white space nor inside a comment.
 *
 * Comments are `(* ... *)`, which nest, and `//` to the end of the line.
 *
 * @throws LitmusError `ERR_LITMUS_SYNTAX` when a comment is not closed.
 */
export function skipBlank(source: SourceText, from: number): number {
  const { text } = source;
  let offset = from;
  for (;;) {
    BLANK.lastIndex = offset;
    BLANK.test(text);
    offset = BLANK.lastIndex;
    if (text.startsWith('(*', offset)) offset = skipComment(source, offset);
    else if (text.startsWith('//', offset)) offset = endOfLine(text, offset);
    else return offset;
  }
}

/** The offset of the newline that ends the line of `offset`, or of the end of the text. */
export function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline;
}

function skipComment(source: SourceText, start: number): number {
  const bracket = /\(\*|\*\)/g;
  bracket.lastIndex = start;
  let depth = 0;
  for (let match = bracket.exec(source.text); match; match = bracket.exec(source.text)) {
    depth += match[0] === '(*' ? 1 : -1;
    if (depth === 0) return bracket.lastIndex;
  }
  return source.fail(
    'ERR_LITMUS_SYNTAX',
    start,
    "'*)' to close this comment",
    'the end of the file',
  );
}
