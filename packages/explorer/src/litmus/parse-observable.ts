import { takeInteger } from './integer-literal.js';
import type { LitmusValue } from './litmus-value.js';
import type { Observable, RegisterObservable } from './observable.js';
import type { TokenStream } from './token-stream.js';

const THREAD_NAME = /^P(\d+)$/;

/** Whether a thread's register comes next: `0:rax` or `P0:rax`. */
export function isAtRegister(stream: TokenStream): boolean {
  const { kind, text } = stream.peek();
  if (!stream.isAt(':', 1)) return false;
  return kind === 'integer' || (kind === 'name' && THREAD_NAME.test(text));
}

/**
 * Reads a register or location: `0:rax`, `P0:rax`, `x` or `[x]`.
 *
 * @param expected - how a complaint calls it
 * @throws LitmusError `ERR_LITMUS_SYNTAX` when something else comes, `ERR_LITMUS_INSTRUCTION` for a
 *   register that does not exist.
 */
export function takeObservable(stream: TokenStream, expected: string): Observable {
  if (isAtRegister(stream)) return takeRegister(stream);
  if (stream.accept('[')) {
    const location = stream.expectKind('name', 'the name of a location').text;
    stream.expect(']');
    return { kind: 'location', location };
  }
  return { kind: 'location', location: stream.expectKind('name', expected).text };
}

function takeRegister(stream: TokenStream): RegisterObservable {
  const thread = takeThreadNumber(stream);
  stream.expect(':');
  const token = stream.peek();
  const register = stream.syntax.registerNamed(token);
  if (register === undefined)
    return stream.fail(stream.syntax.registerPhrase, token, 'ERR_LITMUS_INSTRUCTION');
  stream.take();
  stream.registerReferences.push({ thread, register, token });
  return { kind: 'register', thread, register };
}

function takeThreadNumber(stream: TokenStream): number {
  const token = stream.take();
  const digits = THREAD_NAME.exec(token.text)?.[1] ?? token.text;
  const thread = Number(digits);
  stream.threadReferences.push({ thread, token });
  return thread;
}

/**
 * Reads a value: an integer, or the name of a location for its address, with or without `&`.
 *
 * @throws LitmusError `ERR_LITMUS_SYNTAX` when something else comes.
 */
export function takeValue(stream: TokenStream): LitmusValue {
  if (stream.accept('&')) return stream.expectKind('name', 'the name of a location').text;
  if (stream.accept('ATOMIC_INIT')) {
    stream.expect('(');
    const value = takeInteger(stream, 'an integer');
    stream.expect(')');
    return value;
  }
  if (stream.peek().kind === 'name') return stream.take().text;
  return takeInteger(stream, 'an integer or the name of a location');
}
