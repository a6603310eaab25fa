import type { Cutting, UnitOutcome } from '@rseqlab/explorer';
import type { ExitStatus } from '../exit-status.js';
import type { Assignment } from './assignment.js';
import type { Completeness, Conclusion, PlannedJob } from './unit-job.js';

/** What a worker can be asked, and what it answers. */
export interface UnitTasks {
  /** To make ready for anything else. */
  open: { readonly ask: object; readonly answer: null };
  plan: { readonly ask: { readonly cutting: Cutting }; readonly answer: PlannedJob };
  perform: {
    readonly ask: {
      readonly work: unknown;
      readonly before: readonly unknown[];
      /** Under which the unit claims states: a number that no other try of a unit has. */
      readonly ticket: number;
    };
    readonly answer: UnitOutcome;
  };
  recall: { readonly ask: { readonly values: readonly unknown[] }; readonly answer: null };
  conclude: {
    readonly ask: { readonly values: readonly unknown[]; readonly completeness: Completeness };
    readonly answer: Conclusion;
  };
}

/** What a worker is asked. */
export type UnitTask = {
  [Name in keyof UnitTasks]: UnitTasks[Name]['ask'] & {
    readonly name: Name;
    readonly assignment: Assignment;
    /** The memory of a Heartbeat. */
    readonly heartbeat: SharedArrayBuffer;
  };
}[keyof UnitTasks];

/** What a worker answers. */
export type UnitAnswer =
  | { readonly kind: 'done'; readonly answer: UnitTasks[keyof UnitTasks]['answer'] }
  /** Bad use; one line. */
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly status: ExitStatus;
      /** What is printed besides. */
      readonly output: string | undefined;
    };
