import type { Token } from './token.js';
import type { TokenStream } from './token-stream.js';

const LOWEST = -(2 ** 31);
const HIGHEST = 2 ** 32 - 1;

/**
 * Reads an integer, decimal or hexadecimal, as the machine's 32-bit word: 0xffffffff is -1. In C a
 * minus sign is a token of its own, and a suffix such as `UL` is part of the integer.
 *
 * @param expected - how a complaint calls the integer
 * @throws LitmusError `ERR_LITMUS_SYNTAX` when none comes, or one that needs more than 32 bits.
 */
export function takeInteger(stream: TokenStream, expected: string): number {
  const isNegated = stream.isAt('-') && stream.peek(1).kind === 'integer' && stream.accept('-');
  return wordOf(stream, stream.expectKind('integer', expected), isNegated);
}

function wordOf(stream: TokenStream, token: Token, isNegated: boolean): number {
  const negative = isNegated || token.text.startsWith('-');
  const magnitude = Number(token.text.replace(/^-|[uUlL]+$/g, ''));
  const value = negative ? -magnitude : magnitude;
  if (value < LOWEST || value > HIGHEST)
    return stream.fail(`an integer from ${LOWEST} to ${HIGHEST} (32 bits)`, token);
  return value | 0;
}
