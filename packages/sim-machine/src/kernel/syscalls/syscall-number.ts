/**
 * System call numbers, those of x86-64; a number that no one has registered returns -ENOSYS.
 *
 * @source arch/x86/entry/syscalls/syscall_64.tbl
 */
export const SyscallNumber = {
  mmap: 9,
  mprotect: 10,
  munmap: 11,
  brk: 12,
  rt_sigaction: 13,
  rt_sigprocmask: 14,
  rt_sigreturn: 15,
  sched_yield: 24,
  madvise: 28,
  pause: 34,
  nanosleep: 35,
  getpid: 39,
  clone: 56,
  fork: 57,
  execve: 59,
  exit: 60,
  wait4: 61,
  kill: 62,
  ptrace: 101,
  getppid: 110,
  rt_sigpending: 127,
  rt_sigtimedwait: 128,
  rt_sigqueueinfo: 129,
  rt_sigsuspend: 130,
  sigaltstack: 131,
  getpriority: 140,
  setpriority: 141,
  sched_setparam: 142,
  sched_getparam: 143,
  sched_setscheduler: 144,
  sched_getscheduler: 145,
  sched_get_priority_max: 146,
  sched_get_priority_min: 147,
  prctl: 157,
  gettid: 186,
  tkill: 200,
  futex: 202,
  sched_setaffinity: 203,
  sched_getaffinity: 204,
  set_tid_address: 218,
  restart_syscall: 219,
  timer_create: 222,
  timer_settime: 223,
  timer_gettime: 224,
  timer_delete: 226,
  clock_gettime: 228,
  clock_nanosleep: 230,
  exit_group: 231,
  tgkill: 234,
  getcpu: 309,
  membarrier: 324,
  rseq: 334,
  rseq_slice_yield: 471,
} as const;

/** One of {@link SyscallNumber}. */
export type SyscallNumber = (typeof SyscallNumber)[keyof typeof SyscallNumber];

/** The name of a system call that the machine knows. */
export type SyscallName = keyof typeof SyscallNumber;
