/**
 * How a primitive ended, as librseq returns it.
 *
 * @source librseq, include/rseq/rseq.h
 */
export const PrimitiveOutcome = {
  /** The store was done, on the index that was asked for. */
  Committed: 0,
  /** A compare said no; nothing took effect. */
  CompareFailed: 1,
  /** The kernel aborted the section, or the thread has another index; nothing took effect. */
  Aborted: -1,
} as const;

/** One of {@link PrimitiveOutcome}. */
export type PrimitiveOutcome = (typeof PrimitiveOutcome)[keyof typeof PrimitiveOutcome];

/** All that a primitive returns. */
export interface PrimitiveResult {
  readonly outcome: PrimitiveOutcome;
  /** What was loaded for the caller; 0 where a primitive loads nothing for it. */
  readonly loaded: number;
}
