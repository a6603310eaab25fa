/**
 * Linux error numbers; a failed system call returns the negated value.
 *
 * @source include/uapi/asm-generic/errno-base.h, errno.h
 */
export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EBADF: 9,
  ECHILD: 10,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  EINVAL: 22,
  ENOSYS: 38,
  EOVERFLOW: 75,
  ETIMEDOUT: 110,
  ENOTSUPP: 524,
} as const;

/** The name of an error number, for reports. */
export type ErrnoName = keyof typeof Errno;
