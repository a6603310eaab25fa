/**
 * Requests of ptrace that the machine knows.
 *
 * @source include/uapi/linux/ptrace.h
 */
export const PtraceRequest = {
  PTRACE_TRACEME: 0,
  PTRACE_PEEKTEXT: 1,
  PTRACE_PEEKDATA: 2,
  PTRACE_POKETEXT: 4,
  PTRACE_POKEDATA: 5,
  PTRACE_CONT: 7,
  PTRACE_KILL: 8,
  PTRACE_SINGLESTEP: 9,
  PTRACE_GETREGS: 12,
  PTRACE_SETREGS: 13,
  PTRACE_ATTACH: 16,
  PTRACE_DETACH: 17,
  PTRACE_SETOPTIONS: 0x4200,
  PTRACE_GETSIGINFO: 0x4202,
  PTRACE_SEIZE: 0x4206,
  PTRACE_INTERRUPT: 0x4207,
} as const;

/** One of {@link PtraceRequest}. */
export type PtraceRequest = (typeof PtraceRequest)[keyof typeof PtraceRequest];

/** The option that SETOPTIONS and SEIZE know: the tracee is killed when its tracer exits. */
export const PTRACE_O_EXITKILL = 0x100000;

/**
 * Words of the register structure of GETREGS and SETREGS.
 *
 * | offset   | holds                                    |
 * |----------|------------------------------------------|
 * | 0 to 63  | r0 to r15                                |
 * | 64       | ip                                       |
 * | 68       | number of the last system call           |
 */
export const PTRACE_REGISTER_WORDS = 18;
