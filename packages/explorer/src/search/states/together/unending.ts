import { reachBackwards } from '../backward-reach.js';
import type { TurnedTransitions } from '../backward-reach.js';
import { piecesOf } from './edge-log.js';
import type { EdgeRecord } from './edge-log.js';
import type { SharedStore } from './shared-store.js';

/** Sweeps through all transitions after which what is left to find is found backwards. */
const MOST_SWEEPS = 8;

/**
 * How many states there are from which nothing ever leads to an end, by the transitions of all threads.
 *
 * Transitions are gone through backwards until nothing comes of it: most of what a state leads to is noted after it.
 * That a way to an end crosses from one thread's transitions to another's makes no difference to what is found.
 */
export function unendingStates(store: SharedStore, records: readonly EdgeRecord[]): number {
  const isLeft = new Uint8Array(store.numbers);
  for (let state = 0; state < isLeft.length; state++)
    if (!store.isUnsettled(state)) isLeft[state] = 1;
  const pieces = records.flatMap((record) => piecesOf(record)).reverse();
  for (let sweep = 0; sweepThrough(pieces, isLeft); sweep++)
    if (sweep === MOST_SWEEPS) {
      reachBackwards(isLeft, turned(pieces, isLeft.length));
      break;
    }
  let count = 0;
  for (let state = 0; state < isLeft.length; state++) if (isLeft[state] === 0) count += 1;
  return count;
}

/** Leaves states that lead to one that is left; whether there was any. */
function sweepThrough(pieces: readonly Int32Array[], isLeft: Uint8Array): boolean {
  let isChanged = false;
  let leads = 0;
  for (const words of pieces)
    for (let at = words.length - 1; at >= 0; at--) {
      const word = words[at]!;
      if (word >= 0) leads |= isLeft[word]!;
      else {
        if (leads !== 0 && isLeft[~word] === 0) {
          isLeft[~word] = 1;
          isChanged = true;
        }
        leads = 0;
      }
    }
  return isChanged;
}

/** Sources of the transitions into each state, state by state. */
function turned(pieces: readonly Int32Array[], states: number): TurnedTransitions {
  const starts = new Int32Array(states + 2);
  let edges = 0;
  for (const words of pieces)
    for (const word of words)
      if (word >= 0) {
        starts[word + 2]! += 1;
        edges += 1;
      }
  for (let state = 1; state < starts.length; state++) starts[state]! += starts[state - 1]!;
  const sources = new Int32Array(edges);
  let from = 0;
  for (const words of [...pieces].reverse())
    for (const word of words)
      if (word < 0) from = ~word;
      else sources[starts[word + 1]!++] = from;
  return { starts, sources };
}
