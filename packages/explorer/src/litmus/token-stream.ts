import type { LitmusErrorCode } from './litmus-error.js';
import type { SourceText } from './source-text.js';
import type { Token, TokenKind } from './token.js';
import type { LitmusSyntax } from './litmus-syntax.js';

/** A thread that the text names before or behind the columns of the program. */
export interface ThreadReference {
  readonly thread: number;
  readonly token: Token;
}

/** A thread's register or variable that the text names before or behind the program. */
export interface RegisterReference extends ThreadReference {
  readonly register: string;
}

/** A reading position in the tokens of one test, shared by the parsers of its parts. */
export class TokenStream {
  readonly source: SourceText;
  /** The threads named so far, to be checked once the number of columns is known. */
  readonly threadReferences: ThreadReference[] = [];
  /** The registers named so far, to be checked once the threads are known. */
  readonly registerReferences: RegisterReference[] = [];
  /** What is particular to the dialect of the test. */
  readonly syntax: LitmusSyntax;
  readonly #tokens: readonly Token[];
  #next = 0;

  /** @throws LitmusError `ERR_LITMUS_SYNTAX` when a comment is not closed. */
  constructor(source: SourceText, from: number, syntax: LitmusSyntax) {
    this.source = source;
    this.syntax = syntax;
    this.#tokens = syntax.tokenize(source, from);
  }

  /** The token `ahead` places on, without reading it; behind the last one it is the end. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  /** Reads a token; the end can be read any number of times. */
  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  /** The token read last; before the first, the first. */
  last(): Token {
    return this.#tokens[Math.max(this.#next - 1, 0)]!;
  }

  /** Whether the token `ahead` places on is this punctuation or this name. */
  isAt(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && (token.kind === 'punctuation' || token.kind === 'name');
  }

  /** Reads the token if it is this punctuation or this name. */
  accept(text: string): boolean {
    if (!this.isAt(text)) return false;
    this.take();
    return true;
  }

  /**
   * Reads a token that has to be this punctuation or name.
   *
   * @param expected - how a complaint calls it; the quoted text if not given
   * @throws LitmusError `ERR_LITMUS_SYNTAX` when it is not.
   */
  expect(text: string, expected = `'${text}'`): Token {
    return this.isAt(text) ? this.take() : this.fail(expected);
  }

  /**
   * Reads a token that has to be of this kind.
   *
   * @throws LitmusError `ERR_LITMUS_SYNTAX` when it is not.
   */
  expectKind(kind: TokenKind, expected: string): Token {
    return this.peek().kind === kind ? this.take() : this.fail(expected);
  }

  /**
   * Refuses a token, the next one unless another is given.
   *
   * @throws LitmusError always.
   */
  fail(
    expected: string,
    token: Token = this.peek(),
    code: LitmusErrorCode = 'ERR_LITMUS_SYNTAX',
  ): never {
    const got = this.source.quote(token.start, token.end);
    return this.source.fail(code, token.start, expected, got);
  }
}
