import type { Cutting, PlanIdentity, PlannedUnit, UnitOutcome } from '@rseqlab/explorer';
import type { JobResult } from '../jobs/job.js';

/** What a plan needs to be made, and its units to be done: plain data. */
export interface PlannedJob {
  readonly identity: PlanIdentity;
  readonly units: readonly PlannedUnit[];
  /** Most that the units may cost, for the ledger; default any amount. */
  readonly budget?: number;
}

/** How far a job came before it was concluded. */
export interface Completeness {
  /** Units that are done. */
  readonly done: number;
  /** Units that are known of. */
  readonly known: number;
  /** Whether nothing is missing. */
  readonly isComplete: boolean;
}

/** What is printed of a job in the end. */
export interface Conclusion extends JobResult {
  /** What belongs on stderr: lines. */
  readonly complaints?: string;
}

/** A command whose work is cut into units. It is opened anew wherever units are done. */
export interface UnitJob {
  /**
   * Cuts the work into units.
   *
   * @throws CommandError when there is something wrong with what was given
   */
  plan(cutting: Cutting): PlannedJob;
  /**
   * Does a unit, by its work of the plan.
   *
   * @param before - values of the units before it, for one that waits for them
   */
  perform(work: unknown, before: readonly unknown[]): UnitOutcome;
  /** Takes note of what units came to that were done before; absent where units need nothing of each other. */
  recall?(values: readonly unknown[]): void;
  /**
   * Says what the results come to.
   *
   * @param values - of all units that count, in the order of the plan
   */
  conclude(values: readonly unknown[], completeness: Completeness): Conclusion;
}
