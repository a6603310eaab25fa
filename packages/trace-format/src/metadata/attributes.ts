import type { Token } from './token.js';
import type { TokenStream } from './token-stream.js';

/** A value that metadata gives to a name. */
export interface Attribute {
  /** Of text and words, such as `"monotonic"`, `le`, or `clock.monotonic.value`. */
  readonly text?: string;
  /** Of integers. */
  readonly integer?: bigint;
  /** Whether the text was quoted. */
  readonly isQuoted: boolean;
  /** Where the value is. */
  readonly token: Token;
}

/** Reads `value ;`: an integer, quoted text, or words with dots between. */
export function parseAttribute(tokens: TokenStream): Attribute {
  const token = tokens.peek();
  if (token.kind === 'text') {
    tokens.next();
    return { text: token.text, isQuoted: true, token };
  }
  if (token.kind === 'word') return { text: parseDottedName(tokens), isQuoted: false, token };
  return { integer: tokens.integer('a number, quoted text or a name'), isQuoted: false, token };
}

/** Reads names with dots between, such as `stream.event.header.id`. */
export function parseDottedName(tokens: TokenStream): string {
  let name = tokens.word('a name');
  while (tokens.take('.')) name += `.${tokens.word('a name')}`;
  return name;
}

/** Reads `{ name = value; ... }`; later values of a name replace earlier ones. */
export function parseAttributes(tokens: TokenStream): Map<string, Attribute> {
  const attributes = new Map<string, Attribute>();
  tokens.expect('{');
  while (!tokens.take('}')) {
    const name = parseDottedName(tokens);
    tokens.expect('=');
    attributes.set(name, parseAttribute(tokens));
    tokens.expect(';');
  }
  return attributes;
}

/** What stands for true and false. */
export function truthOf(attribute: Attribute, tokens: TokenStream): boolean {
  const { integer, text } = attribute;
  if (integer !== undefined) return integer !== 0n;
  if (text !== undefined && /^(?:true|TRUE)$/.test(text)) return true;
  if (text !== undefined && /^(?:false|FALSE)$/.test(text)) return false;
  return tokens.fail('true or false', attribute.token);
}
