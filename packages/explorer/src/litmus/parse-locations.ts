import type { Observable } from './observable.js';
import { takeObservable } from './parse-observable.js';
import type { TokenStream } from './token-stream.js';

/**
 * Parses `locations [x; 0:rax;]` if it comes: what final states show besides what the condition
 * names. A type behind a name is read and not kept.
 *
 * @returns the observables, or undefined when there is no such list
 * @throws LitmusError `ERR_LITMUS_SYNTAX`
 */
export function parseLocations(stream: TokenStream): readonly Observable[] | undefined {
  if (!stream.accept('locations')) return undefined;
  stream.expect('[');
  const observables: Observable[] = [];
  while (!stream.accept(']')) {
    observables.push(takeObservable(stream, "a register, a location or ']'"));
    while (stream.peek().kind === 'name' || stream.isAt('*')) stream.take();
    if (!stream.accept(';') && !stream.isAt(']')) stream.fail("';' or ']'");
  }
  stream.accept(';');
  return observables;
}
