import type { InitialItem } from '../litmus/litmus-question.js';
import { isAtCondition } from '../litmus/parse-condition.js';
import { parseEnd, type LitmusEnd } from '../litmus/parse-end.js';
import { parseHeader } from '../litmus/parse-header.js';
import { parseInit } from '../litmus/parse-init.js';
import { SourceText } from '../litmus/source-text.js';
import { TokenStream } from '../litmus/token-stream.js';
import { C_SYNTAX } from './c-syntax.js';
import type { LkmmTest, LkmmThread } from './lkmm-test.js';
import { parseFunction } from './parse-function.js';

/**
 * Parses a litmus test in the C dialect of herd, with the primitives of the Linux kernel memory
 * model.
 *
 * @param text - the whole file
 * @param file - the name that complaints carry
 * @throws LitmusError whatever is wrong with the text, with line and column.
 *
 * @example
 * ```ts
 * const test = parseLkmm(
 *   `C MP
 *    {}
 *    P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_store_release(y, 1); }
 *    P1(int *x, int *y) { int r0 = smp_load_acquire(y); int r1 = READ_ONCE(*x); }
 *    exists (1:r0=1 /\\ 1:r1=0)`,
 *   'MP.litmus',
 * );
 * test.threads.length; // 2
 * ```
 */
export function parseLkmm(text: string, file: string): LkmmTest {
  const source = new SourceText(file, text);
  const { name, doc, metadata, end } = parseHeader(source, C_SYNTAX.dialect);
  const stream = new TokenStream(source, end, C_SYNTAX);
  const initial = parseInit(stream);
  const threads: LkmmThread[] = [];
  do threads.push(parseFunction(stream, threads.length));
  while (!isAtCondition(stream) && stream.peek().kind !== 'end');
  const { addresses, ...question } = parseEnd(stream, threads.length);
  checkVariables(stream, threads);
  const locations = locationsOf(initial, threads, question, addresses);
  const described = doc === undefined ? {} : { doc };
  return { file, name, ...described, metadata, initial, threads, locations, ...question };
}

function checkVariables(stream: TokenStream, threads: readonly LkmmThread[]): void {
  for (const { thread, register, token } of stream.registerReferences) {
    if (threads[thread]!.variables.includes(register)) continue;
    const { text, start } = token;
    const { source } = stream;
    source.fail(
      'ERR_LITMUS_REFERENCE',
      start,
      `a variable of P${thread}`,
      source.quote(start, start + text.length),
    );
  }
}

function locationsOf(
  initial: readonly InitialItem[],
  threads: readonly LkmmThread[],
  { observed }: Pick<LitmusEnd, 'observed'>,
  addresses: readonly string[],
): readonly string[] {
  const found = new Set(addresses);
  for (const { observable, value } of initial) {
    if (observable.kind === 'location') found.add(observable.location);
    if (typeof value === 'string') found.add(value);
  }
  for (const { parameters } of threads) for (const name of parameters.keys()) found.add(name);
  for (const seen of observed) if (seen.kind === 'location') found.add(seen.location);
  return [...found].sort();
}
