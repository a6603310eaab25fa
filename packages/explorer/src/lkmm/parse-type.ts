import type { TokenStream } from '../litmus/token-stream.js';

/** Whether a type comes next. */
export function isAtType(stream: TokenStream): boolean {
  const { kind, text } = stream.peek();
  return kind === 'name' && stream.syntax.typeWords.has(text);
}

/**
 * Reads the words of a type, and the asterisks behind them.
 *
 * @returns the words, without the asterisks
 * @throws LitmusError `ERR_LITMUS_SYNTAX` when there is none
 */
export function skipType(stream: TokenStream): readonly string[] {
  const words: string[] = [];
  while (isAtType(stream)) {
    const { text } = stream.take();
    words.push(text);
    if (text === 'struct') words.push(stream.expectKind('name', 'the tag of a struct').text);
  }
  if (words.length === 0) stream.fail('a type such as int');
  while (stream.accept('*') || stream.accept('const') || stream.accept('volatile'));
  return words;
}
