import type { SourceFrame } from '../trace/source-frame.js';

/** What happened at a place that explains a finding. */
export type FindingPlaceRole = 'access' | 'other-access' | 'free' | 'allocation' | 'wake' | 'throw';

/** A place in a run that explains a finding: who did what there, and on which line. */
export interface FindingPlace {
  readonly role: FindingPlaceRole;
  /** The thread, or -1 for the scenario's setup. */
  readonly thread: number;
  /** The CPU it was on, or -1. */
  readonly cpu: number;
  /** Index of the decision in the run, or -1 for the scenario's setup. */
  readonly decision: number;
  /** What was done, in words: `store of 4 bytes to 0x10000000`. */
  readonly what: string;
  /** The instruction, where the run was recorded. */
  readonly instruction?: string;
  /** The line of the thread's program, where the run was recorded. */
  readonly source?: SourceFrame;
}
