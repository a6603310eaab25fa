import { collectLocations } from './collect-locations.js';
import type { LitmusTest } from './litmus-test.js';
import { compareObservables, observableKey, type Observable } from './observable.js';
import { parseCondition } from './parse-condition.js';
import { parseHeader } from './parse-header.js';
import { parseInit } from './parse-init.js';
import { parseLocations } from './parse-locations.js';
import { parseProgram } from './parse-program.js';
import { forEachAtom, type Proposition } from './proposition.js';
import { SourceText } from './source-text.js';
import { TokenStream } from './token-stream.js';

/**
 * Parses a litmus test in the X86_64 format of herd and litmus.
 *
 * @param text - the whole file
 * @param file - the name that complaints carry
 * @throws LitmusError whatever is wrong with the text, with line and column.
 *
 * @example
 * ```ts
 * const test = parseLitmus(
 *   `X86_64 SB
 *    { x=0; y=0; }
 *    P0            | P1            ;
 *    movq $1,(x)   | movq $1,(y)   ;
 *    movq (y),%rax | movq (x),%rax ;
 *    exists (0:rax=0 /\\ 1:rax=0)`,
 *   'SB.litmus',
 * );
 * test.observed.map(observableKey); // ['0:rax', '1:rax']
 * ```
 */
export function parseLitmus(text: string, file: string): LitmusTest {
  const source = new SourceText(file, text);
  const { name, doc, metadata, end } = parseHeader(source);
  const stream = new TokenStream(source, end);
  const initial = parseInit(stream);
  const threads = parseProgram(stream);
  const listed = parseLocations(stream);
  const condition = parseCondition(stream, listed !== undefined);
  checkThreads(stream, threads.length);
  const observed = observedBy(condition.proposition, listed ?? []);
  const addresses = addressesIn(condition.proposition);
  const locations = collectLocations({ initial, threads, observed, addresses });
  const described = doc === undefined ? {} : { doc };
  return { file, name, ...described, metadata, initial, threads, locations, condition, observed };
}

function checkThreads(stream: TokenStream, threadCount: number): void {
  const missing = stream.threadReferences.find(
    ({ thread }) => !(thread >= 0 && thread < threadCount),
  );
  if (!missing) return;
  const expected = threadCount === 1 ? 'thread 0' : `a thread from 0 to ${threadCount - 1}`;
  stream.fail(expected, missing.token, 'ERR_LITMUS_REFERENCE');
}

function observedBy(proposition: Proposition, listed: readonly Observable[]): Observable[] {
  const found = new Map(listed.map((observable) => [observableKey(observable), observable]));
  forEachAtom(proposition, (atom) => {
    found.set(observableKey(atom.observable), atom.observable);
    if (atom.kind === 'same-value') found.set(observableKey(atom.other), atom.other);
  });
  return [...found.values()].sort(compareObservables);
}

function addressesIn(proposition: Proposition): readonly string[] {
  const found: string[] = [];
  forEachAtom(proposition, (atom) => {
    if (atom.kind === 'has-value' && typeof atom.value === 'string') found.push(atom.value);
  });
  return found;
}
