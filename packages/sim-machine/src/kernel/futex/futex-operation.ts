/**
 * Futex commands; the priority-inheriting ones (6 to 8 and 11 to 13) are not offered: -ENOSYS.
 *
 * @source include/uapi/linux/futex.h
 */
export const FutexCommand = {
  /** Sleep if the word still has the expected value; the timeout is a duration. */
  Wait: 0,
  /** Wake a number of waiters. */
  Wake: 1,
  /** Wake some waiters, move the others to another futex. */
  Requeue: 3,
  /** As Requeue, if the word still has the expected value. */
  CompareRequeue: 4,
  /** Change a second word, wake waiters of the first and, depending on the old value, of it. */
  WakeOperation: 5,
  /** As Wait, for wakers that name one of these bits; the timeout is a time. */
  WaitBitset: 9,
  /** Wake waiters that named one of these bits. */
  WakeBitset: 10,
} as const;

/** One of {@link FutexCommand}. */
export type FutexCommand = (typeof FutexCommand)[keyof typeof FutexCommand];

/** Only threads of this process use the futex. @source FUTEX_PRIVATE_FLAG */
export const FUTEX_PRIVATE = 128;

/** A WaitBitset's timeout is on the real-time clock. @source FUTEX_CLOCK_REALTIME */
export const FUTEX_REALTIME = 256;

/** The bits of the operation that are the command. @source FUTEX_CMD_MASK */
export const FUTEX_COMMAND_MASK: number = ~(FUTEX_PRIVATE | FUTEX_REALTIME);

/** The bitset that every waiter and waker matches. @source FUTEX_BITSET_MATCH_ANY */
export const FUTEX_MATCH_ANY = -1;
