/**
 * The kinds of token that a litmus test is made of behind its header.
 *
 * `unknown` is a character that begins none of the others: the parser refuses it where it stands,
 * and can say what it would have liked there.
 */
export type TokenKind = 'name' | 'integer' | 'register' | 'punctuation' | 'unknown' | 'end';

/** One token and where it stands. */
export interface Token {
  readonly kind: TokenKind;
  /** The characters of the token; a register's start with `%`, the end's are empty. */
  readonly text: string;
  /** Offset of the first character. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
}
