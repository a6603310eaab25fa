import type { FinalState } from '../litmus/final-state.js';
import type { LkmmDeadlock, LkmmMisuse } from './lkmm-finding.js';

/** What was seen of a C test so far. */
export interface LkmmSeen {
  /** By text: the values of what is looked at, as they were at an end. */
  readonly reached: ReadonlyMap<string, FinalState>;
  /** What threads did and may not do; the same may be there several times. */
  readonly misuses: readonly LkmmMisuse[];
  /** The first execution that cannot go on. */
  readonly deadlock: LkmmDeadlock | undefined;
}

/** What was seen one way or the other; of two deadlocks, the first. */
export function joinSeen(one: LkmmSeen, other: LkmmSeen): LkmmSeen {
  return {
    reached: new Map([...one.reached, ...other.reached]),
    misuses: [...one.misuses, ...other.misuses],
    deadlock: one.deadlock ?? other.deadlock,
  };
}

/** Each misuse once. */
export function distinctMisuses(misuses: readonly LkmmMisuse[]): readonly LkmmMisuse[] {
  return [...new Map(misuses.map((misuse) => [JSON.stringify(misuse), misuse])).values()];
}
