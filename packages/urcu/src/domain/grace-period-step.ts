/** What the updater that holds the grace-period lock is doing, in words of its region. */
export const GracePeriodStep = {
  /** Nothing: the lock is free, or about to be. */
  None: 0,
  /** Waits for readers of the period that is not the present one. */
  WaitForOther: 1,
  /** Flips the period. */
  Flip: 2,
  /** Waits for readers of the period that was the present one. */
  WaitForFlipped: 3,
} as const;

/** One of {@link GracePeriodStep}. */
export type GracePeriodStep = (typeof GracePeriodStep)[keyof typeof GracePeriodStep];
