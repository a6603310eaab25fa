import type { Token } from './token.js';
import type { TokenStream } from './token-stream.js';

const LOWEST = -(2 ** 31);
const HIGHEST = 2 ** 32 - 1;

/**
 * Reads an integer, decimal or hexadecimal, as the machine's 32-bit word: 0xffffffff is -1.
 *
 * @param expected - how a complaint calls the integer
 * @throws LitmusError `ERR_LITMUS_SYNTAX` when none comes, or one that needs more than 32 bits.
 */
export function takeInteger(stream: TokenStream, expected: string): number {
  return wordOf(stream, stream.expectKind('integer', expected));
}

function wordOf(stream: TokenStream, token: Token): number {
  const negative = token.text.startsWith('-');
  const magnitude = Number(negative ? token.text.slice(1) : token.text);
  const value = negative ? -magnitude : magnitude;
  if (value < LOWEST || value > HIGHEST)
    return stream.fail(`an integer from ${LOWEST} to ${HIGHEST} (32 bits)`, token);
  return value | 0;
}
