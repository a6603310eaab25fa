/**
 * Clocks that a program can name.
 *
 * The clocks that measure CPU time of a thread or process are not offered: -EINVAL. The machine does
 * not suspend and nobody sets its time, so the boot clock, the raw and the coarse ones are the
 * monotonic clock.
 *
 * @source include/uapi/linux/time.h
 */
export const ClockId = {
  Realtime: 0,
  Monotonic: 1,
  MonotonicRaw: 4,
  RealtimeCoarse: 5,
  MonotonicCoarse: 6,
  Boottime: 7,
} as const;

/** One of {@link ClockId}. */
export type ClockId = (typeof ClockId)[keyof typeof ClockId];

/** `TIMER_ABSTIME`. @source include/uapi/linux/time.h */
export const TIMER_ABSTIME = 1;

/** Real time at which the machine starts, in seconds since 1970: 14 November 2023, 22:13:20 UTC. */
export const EPOCH_SECONDS = 1_700_000_000;

const READABLE =
  (1 << ClockId.Realtime) |
  (1 << ClockId.Monotonic) |
  (1 << ClockId.MonotonicRaw) |
  (1 << ClockId.RealtimeCoarse) |
  (1 << ClockId.MonotonicCoarse) |
  (1 << ClockId.Boottime);

/** @source kernel/time/posix-timers.c: the clocks with nsleep and timer_create */
const WAITABLE = (1 << ClockId.Realtime) | (1 << ClockId.Monotonic) | (1 << ClockId.Boottime);

/** Whether `clock_gettime` knows the clock. */
export function isReadableClock(clock: number): boolean {
  return clock >= 0 && clock < 32 && ((READABLE >>> clock) & 1) === 1;
}

/** Whether one can sleep on the clock and make timers of it. */
export function isWaitableClock(clock: number): boolean {
  return clock >= 0 && clock < 32 && ((WAITABLE >>> clock) & 1) === 1;
}

/** Seconds on the clock when the machine starts. */
export function epochSeconds(clock: number): number {
  return clock === ClockId.Realtime || clock === ClockId.RealtimeCoarse ? EPOCH_SECONDS : 0;
}
