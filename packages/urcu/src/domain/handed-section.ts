import type { Operation, Thread } from '@rseqlab/sim-machine';
import { UrcuError } from '../urcu-error.js';
import type { RcuToken } from './rcu-token.js';

/** Puts a section into a word, which held 0, for whoever takes it from there first. */
export function putSection(t: Thread, token: RcuToken, word: number): Operation<void> {
  return t.storeRelease(word, token + 1);
}

/**
 * Takes a section out of a word, which holds 0 behind it.
 *
 * @throws UrcuError `ERR_TOKEN` when there is none in it, or none any more
 */
export function* takeSection(t: Thread, word: number): Operation<RcuToken> {
  const held = yield* t.exchange(word, 0);
  if (held !== 0) return (held - 1) as RcuToken;
  throw new UrcuError(
    'ERR_TOKEN',
    `expected a section that was handed over for thread ${t.id} ${t.name} to take, got none: not handed ` +
      `over yet, or taken already`,
  );
}
