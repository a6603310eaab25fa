import type { TokenStream } from '../litmus/token-stream.js';
import { FunctionScope } from './function-scope.js';
import type { LkmmThread, LocationKind } from './lkmm-test.js';
import { parseBlock } from './parse-statement.js';
import { skipType } from './parse-type.js';

/**
 * Parses the function of one thread, `P0(int *x, ...) { ... }`.
 *
 * @param thread - its number
 * @throws LitmusError whatever is wrong with it, with line and column
 */
export function parseFunction(stream: TokenStream, thread: number): LkmmThread {
  if (stream.isAt('static')) stream.take();
  if (stream.isAt('void')) stream.take();
  const name = stream.expect(
    `P${thread}`,
    `the function P${thread}, 'exists', '~exists' or 'forall'`,
  );
  const parameters = parseParameters(stream);
  const scope = new FunctionScope(stream, thread, parameters);
  const body = parseBlock(scope, 0);
  const position = stream.source.positionAt(name.start);
  return { position, parameters, variables: [...scope.variables], body };
}

function parseParameters(stream: TokenStream): ReadonlyMap<string, LocationKind> {
  const parameters = new Map<string, LocationKind>();
  stream.expect('(');
  if (stream.isAt('void') && stream.isAt(')', 1)) stream.take();
  if (stream.accept(')')) return parameters;
  do {
    const words = skipType(stream);
    if (stream.last().text !== '*') stream.fail("'*', since parameters point to locations");
    const name = stream.expectKind('name', 'the name of a location');
    if (parameters.has(name.text))
      stream.fail('a parameter with a name of its own', name, 'ERR_LITMUS_REFERENCE');
    parameters.set(name.text, kindOf(words));
  } while (stream.accept(','));
  stream.expect(')', "',' or ')'");
  return parameters;
}

function kindOf(words: readonly string[]): LocationKind {
  if (words.includes('spinlock_t')) return 'lock';
  return words.includes('srcu_struct') ? 'srcu' : 'word';
}
