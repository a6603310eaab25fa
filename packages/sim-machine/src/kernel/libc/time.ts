import type { Operation } from '../operation.js';
import { SyscallNumber } from '../syscalls/syscall-number.js';
import type { Thread } from '../thread.js';
import { TIMER_ABSTIME } from '../time/clock-id.js';
import type { ClockId } from '../time/clock-id.js';
import { SigeventNotify } from '../time/sigevent.js';
import { loadTimespec, scratchAddress, storeTimespec } from './timespec.js';

/**
 * Sleeps for a time, all of it unless a signal handler runs.
 *
 * @param ns 0 to 2^31 seconds
 * @returns 0, or -EINTR
 * @source nanosleep(2)
 */
export function* nanosleep(t: Thread, ns: number): Operation<number> {
  const request = yield* storeTimespec(t, ns);
  return yield* t.syscall(SyscallNumber.nanosleep, request);
}

/** How a sleep that a signal handler interrupted ended. */
export interface InterruptedSleep {
  /** 0, or -EINTR. */
  readonly result: number;
  /** What was left of the time, in ns; 0 when nothing was. */
  readonly remainingNs: number;
}

/** As {@link nanosleep}, and tells what was left. @source nanosleep(2) */
export function* nanosleepRemaining(t: Thread, ns: number): Operation<InterruptedSleep> {
  const request = yield* storeTimespec(t, ns);
  const remainder = yield* storeTimespec(t, 0, 8);
  const result = yield* t.syscall(SyscallNumber.nanosleep, request, remainder);
  return { result, remainingNs: yield* loadTimespec(t, remainder) };
}

/**
 * Sleeps until a time on a clock.
 *
 * @param untilNs see {@link clockGettime}
 * @returns 0, or -EINTR
 * @source clock_nanosleep(2), TIMER_ABSTIME
 */
export function* sleepUntil(t: Thread, clock: ClockId, untilNs: number): Operation<number> {
  const request = yield* storeTimespec(t, untilNs);
  return yield* t.syscall(SyscallNumber.clock_nanosleep, clock, TIMER_ABSTIME, request);
}

/**
 * Reads a clock.
 *
 * A later reading is never below an earlier one, on any CPU. Without a policy (in searches) a clock
 * counts steps of the program: what it shows is no time. Real time is exact to a quarter of a
 * microsecond, since it is beyond 2^53.
 *
 * @returns ns; or a negative errno
 * @source clock_gettime(2)
 */
export function* clockGettime(t: Thread, clock: ClockId): Operation<number> {
  const address = scratchAddress(t);
  const error = yield* t.syscall(SyscallNumber.clock_gettime, clock, address);
  return error < 0 ? error : yield* loadTimespec(t, address);
}

/**
 * Makes a timer that sends a signal to the process.
 *
 * @param value handed on with the signal
 * @returns its id, or a negative errno
 * @source timer_create(2)
 */
export function* timerCreate(
  t: Thread,
  clock: ClockId,
  signal: number,
  value = 0,
): Operation<number> {
  const event = scratchAddress(t);
  const id = event + 16;
  const words = [value, signal, SigeventNotify.Signal, 0];
  for (const [index, word] of words.entries()) yield* t.store(event + 4 * index, word);
  const error = yield* t.syscall(SyscallNumber.timer_create, clock, event, id);
  return error < 0 ? error : yield* t.load(id);
}

/** When a timer expires. */
export interface TimerSetting {
  /** First expiration, in ns from now, or a time on the clock if `absolute`; 0 stops the timer. */
  readonly expiryNs: number;
  /** Time between further ones, in ns; default 0: there is none. */
  readonly intervalNs?: number;
  /** Default false. */
  readonly absolute?: boolean;
}

/** Starts or stops a timer; 0 or -EINVAL. @source timer_settime(2) */
export function* timerSettime(t: Thread, id: number, setting: TimerSetting): Operation<number> {
  const { expiryNs, intervalNs = 0, absolute = false } = setting;
  const address = yield* storeTimespec(t, intervalNs);
  yield* storeTimespec(t, expiryNs, 8);
  const flags = absolute ? TIMER_ABSTIME : 0;
  return yield* t.syscall(SyscallNumber.timer_settime, id, flags, address);
}

/** Time to the next expiration of a timer, in ns; 0 for a stopped one; or -EINVAL. @source timer_gettime(2) */
export function* timerGettime(t: Thread, id: number): Operation<number> {
  const address = scratchAddress(t);
  const error = yield* t.syscall(SyscallNumber.timer_gettime, id, address);
  return error < 0 ? error : yield* loadTimespec(t, address + 8);
}

/** Deletes a timer; 0 or -EINVAL. @source timer_delete(2) */
export function timerDelete(t: Thread, id: number): Operation<number> {
  return t.syscall(SyscallNumber.timer_delete, id);
}
