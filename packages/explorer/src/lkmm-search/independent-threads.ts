import type { Footprint } from './footprint.js';

/** What one thread may do next, and ever. */
export interface ThreadProspect {
  /** What it may touch in its next step, or by a store that leaves its buffer. */
  readonly now: Footprint;
  /** Whether its next step stores what a later load of its own may overtake. */
  readonly isOvertaken: boolean;
  /** What it may touch from now on, buffered stores included. */
  readonly future: Footprint;
  /** Whether it has stores in its buffer. */
  readonly hasBuffered: boolean;
  /** How many decisions it has now; 0 while it waits. */
  readonly choices: number;
}

/**
 * Chooses threads whose next steps nothing that the others may ever do can matter to: all that comes
 * of trying every thread comes of trying those (a persistent set). The fewest decisions win.
 *
 * @returns as bits, by index; 0 when nobody has a choice
 * @source Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996,
 *   chapter 4
 */
export function independentThreads(prospects: readonly ThreadProspect[]): number {
  let best = 0;
  let fewest = Infinity;
  prospects.forEach(({ choices }, first) => {
    if (choices === 0) return;
    const chosen = closure(prospects, first);
    let count = 0;
    prospects.forEach((prospect, index) => {
      if ((chosen & (1 << index)) !== 0) count += prospect.choices;
    });
    if (count >= fewest) return;
    fewest = count;
    best = chosen;
  });
  return best;
}

/** A thread, those whose future matters to its next step, those that matter to theirs, and so on. */
function closure(prospects: readonly ThreadProspect[], first: number): number {
  let chosen = 1 << first;
  const open = [first];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const prospect = prospects[index]!;
    prospects.forEach((other, candidate) => {
      if ((chosen & (1 << candidate)) !== 0 || !matters(prospect, other)) return;
      chosen |= 1 << candidate;
      open.push(candidate);
    });
  }
  return chosen;
}

/** Whether anything that `other` may ever do matters to what `thread` does next, or vice versa. */
function matters(thread: ThreadProspect, other: ThreadProspect): boolean {
  const { now, isOvertaken } = thread;
  const { future, hasBuffered } = other;
  return (
    (now.writes & (future.reads | future.writes)) !== 0 ||
    (now.reads & future.writes) !== 0 ||
    (isOvertaken && future.interrupts) ||
    (now.interrupts && hasBuffered)
  );
}
