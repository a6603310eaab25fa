/** Transitions by where they lead: sources of those into each state, state by state. */
export interface TurnedTransitions {
  /** By state: where its sources start; those of the next state follow. */
  readonly starts: Int32Array;
  readonly sources: Int32Array;
}

/** Marks every state from which one that is marked can be reached, however far: transition by transition, backwards. */
export function reachBackwards(isMarked: Uint8Array, { starts, sources }: TurnedTransitions): void {
  // With one entry more than there are states, where the last ends, and room for how it was counted.
  const states = starts.length - 2;
  const open = new Int32Array(states);
  let count = 0;
  for (let state = 0; state < states; state++) if (isMarked[state] === 1) open[count++] = state;
  while (count > 0) {
    const state = open[--count]!;
    for (let at = starts[state]!; at < starts[state + 1]!; at++) {
      const source = sources[at]!;
      if (isMarked[source] === 1) continue;
      isMarked[source] = 1;
      open[count++] = source;
    }
  }
}
