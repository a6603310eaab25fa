import { executionsFrom } from './axiomatic-oracle.js';
import type { Execution } from './axiomatic-oracle.js';
import type { Instruction, WeakProgram } from './weak-program.js';

/** Threads that store, and one that goes round until all that it read in a round is something else than 0. */
export interface SpinningProgram {
  readonly writers: readonly (readonly Instruction[])[];
  readonly round: readonly Instruction[];
}

/**
 * How many executions the axioms allow in which the thread that spins ends, but for those with a part of as many reads as
 * a round has that reads the writes that the part before it read: the same execution without it leads to the same.
 *
 * Knows nothing of threads that are held back: it adds round to round until every execution ends.
 */
export function spinningExecutions({ writers, round }: SpinningProgram): number {
  const size = round.filter(({ kind }) => kind === 'load').length;
  let open: (Execution | undefined)[] = [undefined];
  let ended = 0;
  for (let rounds = 1; open.length > 0; rounds++) {
    const spinner = Array.from({ length: rounds }, () => round).flat();
    const program: WeakProgram = [...writers, spinner];
    const longer = open.flatMap((before) => executionsFrom(program, before));
    const fresh = longer.filter(({ sources }) => !isRepeated(sources, size));
    const isContent = ({ sources }: Execution): boolean =>
      sources.slice(-size).every(({ value }) => value !== 0);
    ended += fresh.filter(isContent).length;
    open = fresh.filter((execution) => !isContent(execution));
  }
  return ended;
}

/** Whether reads that end in the last round read, in a row, what those a round before them did. */
function isRepeated(sources: Execution['sources'], round: number): boolean {
  let same = 0;
  for (let n = round; n < sources.length; n++) {
    same = sources[n]!.id === sources[n - round]!.id ? same + 1 : 0;
    if (same === round) return true;
  }
  return false;
}
