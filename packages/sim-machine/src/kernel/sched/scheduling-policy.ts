/**
 * Scheduling policies, with the numbers that `sched_setscheduler` takes.
 *
 * `SCHED_DEADLINE` (6) is not offered.
 *
 * @source include/uapi/linux/sched.h; sched(7)
 */
export const SchedulingPolicy = {
  /** `SCHED_OTHER`: time shared, by eligible virtual deadline. */
  Normal: 0,
  /** `SCHED_FIFO`: real-time, runs until it blocks, yields or is preempted. */
  Fifo: 1,
  /** `SCHED_RR`: real-time, as fifo, with a time quantum among equals. */
  RoundRobin: 2,
  /** `SCHED_BATCH`: as normal, but waking up never preempts. */
  Batch: 3,
  /** `SCHED_IDLE`: time shared with a weight below that of nice 19. */
  Idle: 5,
} as const;

/** One of the numbers in {@link SchedulingPolicy}. */
export type SchedulingPolicyNumber = (typeof SchedulingPolicy)[keyof typeof SchedulingPolicy];

/** Lowest real-time priority. @source sched_get_priority_min(2) */
export const MIN_REAL_TIME_PRIORITY = 1;

/** Highest real-time priority. @source sched_get_priority_max(2) */
export const MAX_REAL_TIME_PRIORITY = 99;

/** The most favourable nice value. @source setpriority(2) */
export const MIN_NICE = -20;

/** The least favourable nice value. @source setpriority(2) */
export const MAX_NICE = 19;

/** Whether threads of this policy run before every time-shared thread. */
export function isRealTimePolicy(policy: number): boolean {
  return policy === SchedulingPolicy.Fifo || policy === SchedulingPolicy.RoundRobin;
}

/**
 * Whether `sched_setscheduler` would accept the pair; otherwise it fails with `EINVAL`.
 *
 * @param policy any number a program passed
 * @param priority 1 to 99 for the real-time policies, 0 for the others
 * @source sched_setscheduler(2), "ERRORS"
 */
export function isValidPolicy(policy: number, priority: number): policy is SchedulingPolicyNumber {
  if (isRealTimePolicy(policy))
    return priority >= MIN_REAL_TIME_PRIORITY && priority <= MAX_REAL_TIME_PRIORITY;
  const known =
    policy === SchedulingPolicy.Normal ||
    policy === SchedulingPolicy.Batch ||
    policy === SchedulingPolicy.Idle;
  return known && priority === 0;
}
