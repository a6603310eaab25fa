import type { UnitLedger } from '@rseqlab/explorer';
import { NO_COUNTS } from '../jobs/job.js';
import type { JobCounts } from '../jobs/job.js';
import type { Crew } from './crew.js';
import type { UnitsSoFar } from './units-progress.js';

/** Adds up what the units of a run have counted, done or at work. */
export class UnitCounts {
  readonly #crew: Pick<Crew, 'countsOf'>;
  readonly #workers: number;
  readonly #startShare: number;
  readonly #startMs: number;
  #done = NO_COUNTS;

  /** @param startShare - share of the work that was done before this run */
  constructor(crew: Pick<Crew, 'countsOf'>, workers: number, startShare: number, startMs: number) {
    this.#crew = crew;
    this.#workers = workers;
    this.#startShare = startShare;
    this.#startMs = startMs;
  }

  /** The unit of a lane is done: what it counted stays. */
  unitDone(lane: number): void {
    this.#done = sum(this.#done, this.#crew.countsOf(lane));
  }

  /** How far the run has come. */
  soFar(
    { done, known, share }: Pick<UnitLedger, 'done' | 'known' | 'share'>,
    nowMs: number,
  ): UnitsSoFar {
    let counts = this.#done;
    for (let lane = 0; lane < this.#workers; lane++)
      counts = sum(counts, this.#crew.countsOf(lane));
    const elapsedMs = nowMs - this.#startMs;
    return { done, known, share, startShare: this.#startShare, elapsedMs, counts };
  }
}

function sum(a: JobCounts, b: JobCounts): JobCounts {
  return {
    executions: a.executions + b.executions,
    classes: a.classes + b.classes,
    blocked: a.blocked + b.blocked,
    kernelEvents: Math.max(a.kernelEvents, b.kernelEvents),
  };
}
