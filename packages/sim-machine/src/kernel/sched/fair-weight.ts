import { MIN_NICE, SchedulingPolicy } from './scheduling-policy.js';

/** The weight of nice 0; virtual time runs at wall speed for a thread of this weight. */
export const NICE_0_WEIGHT = 1024;

/** The weight of a `SCHED_IDLE` thread. @source kernel/sched/sched.h, WEIGHT_IDLEPRIO */
const IDLE_POLICY_WEIGHT = 3;

/**
 * What a real-time thread counts for when CPUs are compared by load: twice nice -20, so that
 * time-shared threads are placed elsewhere.
 *
 * @source the rule of set_load_weight() before load tracking; current kernels reach the same end
 * by reducing the capacity of the CPU
 */
export const REAL_TIME_LOAD: number = 2 * 88761;

/**
 * Weights of nice -20 to 19: one step is a factor of about 1.25, so 10% of the CPU between two.
 *
 * @source kernel/sched/core.c, sched_prio_to_weight
 */
// prettier-ignore
const WEIGHT_BY_NICE = Int32Array.of(
  88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
  9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586, 1277,
  1024, 820, 655, 526, 423, 335, 272, 215, 172, 137,
  110, 87, 70, 56, 45, 36, 29, 23, 18, 15,
);

/**
 * The weight of a time-shared thread.
 *
 * @param policy a time-shared policy; `Idle` ignores nice
 * @param nice -20 to 19
 */
export function fairWeight(policy: number, nice: number): number {
  return policy === SchedulingPolicy.Idle ? IDLE_POLICY_WEIGHT : WEIGHT_BY_NICE[nice - MIN_NICE]!;
}

/** The base slice of a machine with one CPU, in ns. @source kernel/sched/fair.c, v6.6 */
const BASE_SLICE_UNIT_NS = 750_000;

/**
 * The slice a time-shared thread asks for: 0.75 ms * (1 + ilog2(CPUs)), CPUs counted up to 8.
 *
 * @param onlineCpus number of online CPUs, at least 1
 * @returns ns; 3,000,000 from 8 CPUs on
 * @source kernel/sched/fair.c, v6.6: sysctl_sched_base_slice, get_update_sysctl_factor()
 */
export function baseSliceNs(onlineCpus: number): number {
  const counted = Math.min(Math.max(onlineCpus, 1), 8);
  return BASE_SLICE_UNIT_NS * (32 - Math.clz32(counted));
}
