import type { InitialItem } from './litmus-question.js';
import { observableKey, type Observable } from './observable.js';
import { takeObservable, takeValue } from './parse-observable.js';
import type { TokenStream } from './token-stream.js';

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
  while (isTypeWord(stream) || (stream.isAt('*') && words.length > 0)) {
    const word = stream.take().text;
    words.push(word);
    if (word === 'struct') words.push(stream.expectKind('name', 'the tag of a struct').text);
  }
  return words.join(' ');
}

function isTypeWord(stream: TokenStream): boolean {
  const word = stream.peek();
  if (word.kind !== 'name') return false;
  const next = stream.peek(1);
  const followed = next.kind === 'name' || next.kind === 'integer' || next.text === '*';
  const { typeWords, exampleType } = stream.syntax;
  const bracketed = next.text === '[' && typeWords.has(word.text);
  if (!followed && !bracketed) return false;
  if (!typeWords.has(word.text)) stream.fail(`a type such as ${exampleType}`, word);
  return true;
}

function nameOf(observable: Observable): string {
  return observable.kind === 'location' ? observable.location : observableKey(observable);
}
