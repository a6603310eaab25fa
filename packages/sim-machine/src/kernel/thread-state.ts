/**
 * Where a thread is in its life.
 *
 * @source include/linux/sched.h (TASK_*), reduced to what a user program can tell apart
 */
export const ThreadState = {
  /** The slot holds no thread. */
  Free: 0,
  /** On a CPU, or queued on one. */
  Runnable: 1,
  /** Sleeping in a system call; a signal ends the sleep. */
  Interruptible: 2,
  /** Sleeping where no signal reaches it, as in a page fault that waits for its page. */
  Uninterruptible: 3,
  /** Stopped by a signal or by its tracer. */
  Stopped: 4,
  /** Exited; kept until somebody has seen the exit status. */
  Zombie: 5,
} as const;

/** One of {@link ThreadState}. */
export type ThreadState = (typeof ThreadState)[keyof typeof ThreadState];

/** The name of a thread state, for reports. */
export type ThreadStateName = keyof typeof ThreadState;
