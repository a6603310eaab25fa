import { FUTEX_REALTIME, FutexCommand } from '../futex/futex-operation.js';
import type { Operation } from '../operation.js';
import { SyscallNumber } from '../syscalls/syscall-number.js';
import type { Thread } from '../thread.js';
import { storeTimespec } from './timespec.js';

/** Who uses a futex; the wrong answer makes waiters and wakers miss each other. */
export const FutexScope = {
  /** Threads of one process: FUTEX_PRIVATE_FLAG. */
  Private: 128,
  /** Processes that share the memory. */
  Shared: 0,
} as const;

/** One of {@link FutexScope}. */
export type FutexScope = (typeof FutexScope)[keyof typeof FutexScope];

/** As many waiters as there are. */
export const ALL_WAITERS = 0x7fffffff;

/**
 * Sleeps until woken, if the word at `address` is `expected`.
 *
 * @returns 0 when woken, maybe for no reason: look at the word again; -EAGAIN when it has another
 *   value; -EINTR; -EINVAL; -EFAULT
 * @source futex(2), FUTEX_WAIT
 */
export function futexWait(
  t: Thread,
  address: number,
  expected: number,
  scope: FutexScope = FutexScope.Private,
): Operation<number> {
  return t.syscall(SyscallNumber.futex, address, FutexCommand.Wait | scope, expected);
}

/**
 * Sleeps until woken, but at most for a time.
 *
 * @param timeoutNs 0 to 2^31 seconds
 * @returns as {@link futexWait}; -ETIMEDOUT
 * @source futex(2), FUTEX_WAIT
 */
export function* futexWaitFor(
  t: Thread,
  address: number,
  expected: number,
  timeoutNs: number,
  scope: FutexScope = FutexScope.Private,
): Operation<number> {
  const timeout = yield* storeTimespec(t, timeoutNs);
  const operation = FutexCommand.Wait | scope;
  return yield* t.syscall(SyscallNumber.futex, address, operation, expected, timeout);
}

/** How {@link futexWaitBitset} waits. */
export interface WaitBitsetOptions {
  /** Bits of which a waker has to name one; not 0. */
  readonly bitset: number;
  /** When to stop waiting: a time on the clock, in ns; default never. */
  readonly untilNs?: number;
  /** Whether that time is on CLOCK_REALTIME; default CLOCK_MONOTONIC. */
  readonly realtime?: boolean;
  /** Default private. */
  readonly scope?: FutexScope;
}

/**
 * Sleeps until woken by somebody who names one of the bits, or until a time.
 *
 * @returns as {@link futexWaitFor}; -EINVAL for no bits
 * @source futex(2), FUTEX_WAIT_BITSET
 */
export function* futexWaitBitset(
  t: Thread,
  address: number,
  expected: number,
  options: WaitBitsetOptions,
): Operation<number> {
  const { bitset, untilNs, realtime = false, scope = FutexScope.Private } = options;
  const timeout = untilNs === undefined ? 0 : yield* storeTimespec(t, untilNs);
  const operation = FutexCommand.WaitBitset | scope | (realtime ? FUTEX_REALTIME : 0);
  return yield* t.syscall(SyscallNumber.futex, address, operation, expected, timeout, 0, bitset);
}

/**
 * Wakes up to `count` threads that wait on the word, at least one.
 *
 * @returns how many woke; -EINVAL; -EFAULT
 * @source futex(2), FUTEX_WAKE
 */
export function futexWake(
  t: Thread,
  address: number,
  count: number,
  scope: FutexScope = FutexScope.Private,
): Operation<number> {
  return t.syscall(SyscallNumber.futex, address, FutexCommand.Wake | scope, count);
}

/** As {@link futexWake}, of those that named one of the bits. @source futex(2), FUTEX_WAKE_BITSET */
export function futexWakeBitset(
  t: Thread,
  address: number,
  count: number,
  bitset: number,
  scope: FutexScope = FutexScope.Private,
): Operation<number> {
  const operation = FutexCommand.WakeBitset | scope;
  return t.syscall(SyscallNumber.futex, address, operation, count, 0, 0, bitset);
}

/** Which waiters {@link futexRequeue} wakes and moves. */
export interface RequeueOptions {
  /** Waiters to wake. */
  readonly wake: number;
  /** Waiters to move. */
  readonly move: number;
  /** Value that the first word must have; default any. */
  readonly expected?: number;
  /** Default private. */
  readonly scope?: FutexScope;
}

/**
 * Wakes some waiters of a word and moves others to another word, without waking them.
 *
 * @returns how many woke or moved; -EAGAIN when the word has another value; -EINVAL; -EFAULT
 * @source futex(2), FUTEX_CMP_REQUEUE, FUTEX_REQUEUE
 */
export function futexRequeue(
  t: Thread,
  address: number,
  target: number,
  options: RequeueOptions,
): Operation<number> {
  const { wake, move, expected, scope = FutexScope.Private } = options;
  const command = expected === undefined ? FutexCommand.Requeue : FutexCommand.CompareRequeue;
  return t.syscall(
    SyscallNumber.futex,
    address,
    command | scope,
    wake,
    move,
    target,
    expected ?? 0,
  );
}

/**
 * Changes the word at `target` and wakes waiters of both words, as an encoded operation says.
 *
 * @param encoded see `encodeWakeOperation`
 * @returns how many woke; -ENOSYS; -EINVAL; -EFAULT
 * @source futex(2), FUTEX_WAKE_OP
 */
export function futexWakeOperation(
  t: Thread,
  address: number,
  count: number,
  target: number,
  targetCount: number,
  encoded: number,
): Operation<number> {
  const operation = FutexCommand.WakeOperation | FutexScope.Private;
  return t.syscall(SyscallNumber.futex, address, operation, count, targetCount, target, encoded);
}
