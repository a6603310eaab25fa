import type { Deferral } from '../deferred/grace-period-poll.js';
import { UrcuError } from '../urcu-error.js';

/** How large a table is. */
export interface RcuHashTableOptions {
  /** Buckets at first, a power of two; default 1. */
  readonly buckets?: number;
  /** Most buckets ever, a power of two; default 64. Memory for them is taken at once. */
  readonly maxBuckets?: number;
  /** Has the table resize itself by this deferred work, such as a `CallRcu`; made before its workers start. */
  readonly autoResize?: Deferral;
}

/**
 * The size of a table with everything filled in.
 *
 * @throws UrcuError `ERR_BUCKETS` for numbers of buckets that are no powers of two, or out of order
 */
export function tableSize({
  buckets = 1,
  maxBuckets = 64,
}: RcuHashTableOptions): Required<Pick<RcuHashTableOptions, 'buckets' | 'maxBuckets'>> {
  for (const [name, value] of Object.entries({ buckets, maxBuckets }))
    if (!isPowerOfTwo(value))
      throw new UrcuError(
        'ERR_BUCKETS',
        `expected ${name} to be a power of two, got ${String(value)}`,
      );
  if (buckets > maxBuckets)
    throw new UrcuError(
      'ERR_BUCKETS',
      `expected at most ${maxBuckets} buckets (maxBuckets), got ${buckets}`,
    );
  return { buckets, maxBuckets };
}

/** Whether a number of buckets can be. */
export function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && Number.isInteger(Math.log2(value));
}
