import type { Cutting, UnitOutcome } from '@rseqlab/explorer';
import type { JobCounts } from '../jobs/job.js';
import type { Completeness, Conclusion, PlannedJob } from './unit-job.js';
import type { UnitOrder } from './unit-order.js';

/** How a crew is set up. */
export interface CrewOptions {
  /** How many units are done at a time. */
  readonly workers: number;
  /** How long a scenario may make no progress at all, in milliseconds. */
  readonly watchdogMs: number;
}

/**
 * Those who do the units of an order, several at a time.
 *
 * What a method returns is rejected with a CommandError when the order is refused or stuck, and with
 * a {@link WorkerLost} when the worker died over it.
 */
export interface Crew {
  /** Cuts the work into units. */
  plan(cutting: Cutting): Promise<PlannedJob>;
  /**
   * Does a unit.
   *
   * @param lane - below the number of workers; each does one thing at a time
   * @param before - values of the units before it, for one that waits for them
   */
  perform(lane: number, work: unknown, before: readonly unknown[]): Promise<UnitOutcome>;
  /** Tells workers what units came to that were done before, before they do any. */
  recall(values: readonly unknown[]): Promise<void>;
  /** Says what the results come to. */
  conclude(values: readonly unknown[], completeness: Completeness): Promise<Conclusion>;
  /** How far the unit of a lane has come. */
  countsOf(lane: number): JobCounts;
  /** Drops the units that are not done; the workers stay. */
  drop(): void;
  /** Sends the workers home, whatever they do. */
  close(): Promise<void>;
}

/** Sets up those who do the units of an order. */
export type CrewOpener = (order: UnitOrder, options: CrewOptions) => Crew;

/** A worker died before its answer; the message says how, such as `exit(9)`. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
}
