import type { FindingPlace } from './findings/finding-place.js';
import type { ThreadWait } from './findings/thread-wait.js';

/**
 * What kind of thing the laboratory found.
 *
 * | kind                | means                                                                    |
 * |---------------------|--------------------------------------------------------------------------|
 * | `assertion`         | what the scenario states does not hold                                   |
 * | `deadlock`          | threads are left that can never go on                                    |
 * | `lost-wakeup`       | one sleeps for ever though it was to be woken before it slept             |
 * | `unsatisfied-await` | one waits for a value that no thread is left to store                    |
 * | `livelock`          | threads go on for ever, through the same states again and again          |
 * | `crash`             | a signal by which a program dies of its own mistake                      |
 * | `race`              | two conflicting accesses that nothing orders, not both of them marked    |
 * | `use-after-free`    | an access to memory that was given back                                  |
 * | `double-free`       | memory that was given back was given back again                          |
 * | `invalid-free`      | what was given back was never handed out                                 |
 * | `out-of-bounds`     | an access to memory that was never handed out                            |
 * | `leak`              | memory was never given back                                              |
 * | `misuse`            | a thread called a library in a way that the library refuses              |
 * | `step-bound`        | an execution did not end within the bound: no answer, not a failure      |
 * | `nondeterminism`    | the scenario differs from run to run, so that no answer about it counts  |
 */
export type FindingKind =
  | 'assertion'
  | 'deadlock'
  | 'lost-wakeup'
  | 'unsatisfied-await'
  | 'livelock'
  | 'crash'
  | 'race'
  | 'use-after-free'
  | 'double-free'
  | 'invalid-free'
  | 'out-of-bounds'
  | 'leak'
  | 'misuse'
  | 'step-bound'
  | 'nondeterminism';

/** The part of a run that repeats for ever: from a state back to the same state. */
export interface FindingLoop {
  /** Index of the first decision of the loop. */
  readonly start: number;
  /** How many decisions there are in it. */
  readonly length: number;
}

/** What the laboratory found in one run; data, never an exception. */
export interface Finding {
  /** What kind of thing it is. */
  readonly kind: FindingKind;
  /** One sentence that says what is wrong, with the values that show it. */
  readonly message: string;
  /** The thread it concerns, where it concerns one. */
  readonly thread?: number;
  /** The literal code of the error, of a `misuse`. */
  readonly code?: string;
  /** What every thread waits for that can never go on. */
  readonly waits?: readonly ThreadWait[];
  /** Threads that wait for each other, each for the next and the last for the first. */
  readonly cycle?: readonly number[];
  /** The places that explain it: both accesses of a race; use, free and allocation. */
  readonly places?: readonly FindingPlace[];
  /** What repeats, of a `livelock`. */
  readonly loop?: FindingLoop;
}
