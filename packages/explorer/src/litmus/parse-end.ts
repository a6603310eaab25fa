import type { LitmusQuestion } from './litmus-question.js';
import { compareObservables, observableKey, type Observable } from './observable.js';
import { parseCondition } from './parse-condition.js';
import { parseLocations } from './parse-locations.js';
import { parseProposition } from './parse-proposition.js';
import { forEachAtom, type Proposition } from './proposition.js';
import type { TokenStream } from './token-stream.js';

/** What stands behind the program. */
export interface LitmusEnd extends Pick<LitmusQuestion, 'filter' | 'condition' | 'observed'> {
  /** Locations whose addresses condition and filter name. */
  readonly addresses: readonly string[];
}

/**
 * Parses what stands behind the program: `locations [...]`, `filter (...)` and the condition.
 *
 * @throws LitmusError `ERR_LITMUS_SYNTAX`, or `ERR_LITMUS_REFERENCE` when any part of the text names
 *   a thread that there is not.
 */
export function parseEnd(stream: TokenStream, threadCount: number): LitmusEnd {
  const listed = parseLocations(stream);
  const filter = parseFilter(stream);
  const condition = parseCondition(stream, listed !== undefined);
  checkThreads(stream, threadCount);
  const asked = filter ? [condition.proposition, filter] : [condition.proposition];
  const observed = observedBy(asked, listed ?? []);
  const addresses = asked.flatMap(addressesIn);
  return { ...(filter ? { filter } : {}), condition, observed, addresses };
}

function parseFilter(stream: TokenStream): Proposition | undefined {
  if (!stream.accept('filter')) return undefined;
  const filter = parseProposition(stream);
  stream.accept(';');
  return filter;
}

function checkThreads(stream: TokenStream, threadCount: number): void {
  const missing = stream.threadReferences.find(
    ({ thread }) => !(thread >= 0 && thread < threadCount),
  );
  if (!missing) return;
  const expected = threadCount === 1 ? 'thread 0' : `a thread from 0 to ${threadCount - 1}`;
  stream.fail(expected, missing.token, 'ERR_LITMUS_REFERENCE');
}

function observedBy(
  propositions: readonly Proposition[],
  listed: readonly Observable[],
): Observable[] {
  const found = new Map(listed.map((observable) => [observableKey(observable), observable]));
  for (const proposition of propositions)
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
