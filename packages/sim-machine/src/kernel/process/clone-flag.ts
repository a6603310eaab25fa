/**
 * Flags of clone; the low 8 bits are the signal that the parent gets at exit.
 *
 * @source include/uapi/linux/sched.h, clone(2)
 */
export const CloneFlag = {
  /** Mask of the exit signal. */
  CSIGNAL: 0xff,
  CLONE_VM: 0x100,
  CLONE_FS: 0x200,
  CLONE_FILES: 0x400,
  CLONE_SIGHAND: 0x800,
  CLONE_VFORK: 0x4000,
  CLONE_PARENT: 0x8000,
  CLONE_THREAD: 0x10000,
  CLONE_SYSVSEM: 0x40000,
  CLONE_SETTLS: 0x80000,
  CLONE_PARENT_SETTID: 0x100000,
  CLONE_CHILD_CLEARTID: 0x200000,
  CLONE_CHILD_SETTID: 0x1000000,
} as const;

/** What pthread_create asks for. @source clone(2), NPTL */
export const THREAD_FLAGS: number =
  CloneFlag.CLONE_VM |
  CloneFlag.CLONE_FS |
  CloneFlag.CLONE_FILES |
  CloneFlag.CLONE_SIGHAND |
  CloneFlag.CLONE_THREAD |
  CloneFlag.CLONE_SYSVSEM |
  CloneFlag.CLONE_SETTLS |
  CloneFlag.CLONE_PARENT_SETTID |
  CloneFlag.CLONE_CHILD_CLEARTID;
