/**
 * What a sleeping system call that a signal interrupted leaves in r0, negated, until the way out of
 * the kernel has decided whether the program sees -EINTR or nothing at all.
 *
 * | code          | a handler runs                | no handler runs                     |
 * |---------------|-------------------------------|-------------------------------------|
 * | `System`      | restarted if `SA_RESTART`     | restarted                           |
 * | `NoInterrupt` | restarted                     | restarted                           |
 * | `NoHandler`   | -EINTR                        | restarted                           |
 * | `Block`       | -EINTR                        | restarted, with the deadline it had |
 *
 * A restart puts the number of the call back into r0 and the ip back onto the system call
 * instruction; for `Block` `Sleeps.keepDeadline` is called as well, in place of restart_syscall.
 *
 * @source include/linux/errno.h, signal(7) "Interruption of system calls and library functions by
 *   signal handlers"
 */
export const RestartCode = {
  System: 512,
  NoInterrupt: 513,
  NoHandler: 514,
  Block: 516,
} as const;

/** One of {@link RestartCode}. */
export type RestartCode = (typeof RestartCode)[keyof typeof RestartCode];
