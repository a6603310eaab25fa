/**
 * What the kernel has to do before a thread is next in user mode; bits of a thread's `exitWork`.
 *
 * @source include/linux/thread_info.h (TIF_*), kernel/entry/common.c (exit_to_user_mode_loop)
 */
export const ExitWork = {
  /** TIF_NEED_RESCHED: another thread should have the CPU. */
  Reschedule: 1,
  /** TIF_SIGPENDING: a signal may have to be delivered. */
  Signal: 2,
  /** TIF_NOTIFY_RESUME: a module asked to see the thread before it is in user mode. */
  NotifyResume: 4,
  /** Beside NotifyResume: what was left of a sleep that was cut short has to be written. */
  SleepRemainder: 8,
} as const;

/** Why a thread left a CPU. */
export const SwitchReason = {
  /** Another thread was put in its place while it could have gone on. */
  Preempted: 0,
  /** It sleeps. */
  Blocked: 1,
  /** It gave the CPU away by sched_yield. */
  Yielded: 2,
  /** It is being moved to another CPU. */
  Migrated: 3,
  /** It stopped for its tracer or by a signal. */
  Stopped: 4,
  /** It exited. */
  Exited: 5,
} as const;

/** One of {@link SwitchReason}. */
export type SwitchReason = (typeof SwitchReason)[keyof typeof SwitchReason];

/** How the thread entered the kernel that it is about to leave. */
export const KernelEntry = {
  /** By a system call of its own. */
  Syscall: 0,
  /** By an interrupt: a tick, an IPI, a preemption. */
  Interrupt: 1,
  /** By a page fault of its own. */
  Fault: 2,
} as const;

/** One of {@link KernelEntry}. */
export type KernelEntry = (typeof KernelEntry)[keyof typeof KernelEntry];
