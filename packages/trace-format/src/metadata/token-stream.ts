import { TraceFormatError } from '../trace-format-error.js';
import type { Token } from './token.js';

/** Tokens one after the other, with words for what is missing. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token that comes next, or the one `ahead` of it; the last one is the end. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  /** Takes the next token. */
  next(): Token {
    const token = this.peek();
    if (this.#at < this.#tokens.length - 1) this.#at += 1;
    return token;
  }

  /** Whether a word or mark comes next, and not quoted text. */
  is(text: string): boolean {
    const { kind, text: found } = this.peek();
    return (kind === 'word' || kind === 'mark') && found === text;
  }

  /** Takes a word or mark if it comes next. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  /** Takes a word or mark that must come next. */
  expect(text: string): void {
    if (!this.take(text)) this.fail(JSON.stringify(text));
  }

  /** Takes a word that must come next. */
  word(what: string): string {
    if (this.peek().kind !== 'word') this.fail(what);
    return this.next().text;
  }

  /** Takes an integer with its sign, which must come next. */
  integer(what: string): bigint {
    const isNegative = this.take('-');
    if (!isNegative) this.take('+');
    if (this.peek().kind !== 'integer') this.fail(what);
    const { value } = this.next();
    return isNegative ? -value : value;
  }

  /** Refuses what comes next. @throws TraceFormatError `ERR_METADATA` */
  fail(expected: string, token: Token = this.peek()): never {
    const { kind, text, line, column } = token;
    const got = kind === 'end' ? text : JSON.stringify(text);
    throw new TraceFormatError(
      'ERR_METADATA',
      `expected ${expected} at line ${line}, column ${column}, got ${got}`,
      { line, column },
    );
  }
}
