import { grouped, plural } from '@rseqlab/explorer';
import prettyMs from 'pretty-ms';
import type { JobCounts } from '../jobs/job.js';

/** How far units have come. */
export interface UnitsSoFar {
  /** Units that are done, those of a resumed file among them. */
  readonly done: number;
  /** Units that are known of. */
  readonly known: number;
  /** Share of the work that is done, 0 to 1, and what it was at the beginning of this run. */
  readonly share: number;
  readonly startShare: number;
  /** Time since the beginning of this run, in milliseconds. */
  readonly elapsedMs: number;
  /** What this run has counted. */
  readonly counts: JobCounts;
}

/** Less of the whole than this says nothing about the rest. */
const LEAST_SHARE = 0.005;

/**
 * Says how far units have come: counts, rate, and what is left.
 *
 * What is left is estimated from the share that is done: units have weights, which add up to one. A
 * unit that leaves others over divides its weight among them as Knuth's estimator of a tree's size
 * does, evenly at every branch.
 */
export function unitsProgress(what: string, soFar: UnitsSoFar): string {
  const { done, known, share, startShare, elapsedMs, counts } = soFar;
  const { executions, classes, blocked, kernelEvents } = counts;
  const rate = Math.round((executions * 1000) / Math.max(1, elapsedMs));
  const doneNow = share - startShare;
  const leftMs = Math.round((((1 - share) / doneNow) * elapsedMs) / 1000) * 1000;
  const told = [
    ...(known > 1 ? [`${grouped(done)} of ${grouped(known)} units`] : []),
    ...(executions > 0
      ? [
          plural(executions, 'execution'),
          plural(classes, 'class'),
          ...(blocked > 0 ? [`${grouped(blocked)} blocked`] : []),
          ...(kernelEvents > 0 ? [`up to ${plural(kernelEvents, 'kernel event')}`] : []),
          `${grouped(rate)} executions/s`,
        ]
      : []),
    ...(doneNow >= LEAST_SHARE && share < 1
      ? [`about ${prettyMs(leftMs, { unitCount: 2 })} left`]
      : []),
  ];
  return told.length === 0 ? what : `${what}: ${told.join(', ')}`;
}
