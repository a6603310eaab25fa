import type { InitialItem } from './litmus-test.js';
import { observableKey, type Observable } from './observable.js';
import { takeObservable, takeValue } from './parse-observable.js';
import type { TokenStream } from './token-stream.js';

const TYPE_WORDS: ReadonlySet<string> = new Set([
  ...['int', 'long', 'short', 'char', 'signed', 'unsigned', 'void', 'volatile', 'const'],
  ...['int8_t', 'int16_t', 'int32_t', 'int64_t', 'intptr_t', 'size_t'],
  ...['uint8_t', 'uint16_t', 'uint32_t', 'uint64_t', 'uintptr_t'],
]);

/**
 * Parses the init block, braces included: declarations and initial values, ended by `;`.
 *
 * @throws LitmusError `ERR_LITMUS_SYNTAX`, or `ERR_LITMUS_REFERENCE` when something is given two
 *   initial values.
 */
export function parseInit(stream: TokenStream): readonly InitialItem[] {
  stream.expect('{');
  const items: InitialItem[] = [];
  const valued = new Set<string>();
  while (!stream.accept('}')) {
    if (stream.accept(';')) continue;
    items.push(parseItem(stream, valued));
    if (!stream.isAt('}')) stream.expect(';', "';' or '}'");
  }
  return items;
}

function parseItem(stream: TokenStream, valued: Set<string>): InitialItem {
  const type = parseType(stream);
  const start = stream.peek();
  const expected = type === '' ? "a declaration, an initial value or '}'" : 'a location';
  const observable = takeObservable(stream, expected);
  const declared = type === '' ? { observable } : { observable, type };
  if (!stream.accept('=')) return declared;
  const value = takeValue(stream);
  const key = observableKey(observable);
  if (valued.has(key))
    stream.fail(`one initial value of ${nameOf(observable)}`, start, 'ERR_LITMUS_REFERENCE');
  valued.add(key);
  return { ...declared, value };
}

/** Reads the words of a type; the last name before `;`, `=` or `}` is the location itself. */
function parseType(stream: TokenStream): string {
  const words: string[] = [];
  while (isTypeWord(stream) || (stream.isAt('*') && words.length > 0))
    words.push(stream.take().text);
  return words.join(' ');
}

function isTypeWord(stream: TokenStream): boolean {
  const word = stream.peek();
  if (word.kind !== 'name') return false;
  const next = stream.peek(1);
  const followed = next.kind === 'name' || next.kind === 'integer' || next.text === '*';
  const bracketed = next.text === '[' && TYPE_WORDS.has(word.text);
  if (!followed && !bracketed) return false;
  if (!TYPE_WORDS.has(word.text)) stream.fail('a type such as uint64_t', word);
  return true;
}

function nameOf(observable: Observable): string {
  return observable.kind === 'location' ? observable.location : observableKey(observable);
}
