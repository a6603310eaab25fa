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
      spread(pieces, isLeft);
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

/** Leaves every state that leads to one that is left, however far: edge by edge, backwards. */
function spread(pieces: readonly Int32Array[], isLeft: Uint8Array): void {
  const { starts, sources } = turned(pieces, isLeft.length);
  const open = new Int32Array(isLeft.length);
  let count = 0;
  for (let state = 0; state < isLeft.length; state++)
    if (isLeft[state] === 1) open[count++] = state;
  while (count > 0) {
    const state = open[--count]!;
    for (let at = starts[state]!; at < starts[state + 1]!; at++) {
      const source = sources[at]!;
      if (isLeft[source] === 1) continue;
      isLeft[source] = 1;
      open[count++] = source;
    }
  }
}

/** Sources of the transitions into each state, state by state. */
function turned(
  pieces: readonly Int32Array[],
  states: number,
): { readonly starts: Int32Array; readonly sources: Int32Array } {
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
