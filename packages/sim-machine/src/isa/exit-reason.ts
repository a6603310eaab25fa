/** Why an executor handed a thread back; kept in the thread's register file at REG_EXIT. */
export const ExitReason = {
  /** The budget is spent; ip is at the next instruction. */
  Budget: 0,
  /** `ret` was executed (and counted); ip stays at it. */
  Return: 1,
  /** `syscall` was executed (and counted); ip is behind it. */
  Syscall: 2,
  /** An access did not complete; not counted, registers and ip as before the instruction. */
  Fault: 3,
  /** Not an instruction; not counted, ip stays at the word. */
  Illegal: 4,
  /** `brk` was reached; not counted, ip stays at it, so that a debugger can put the original back. */
  Breakpoint: 5,
  /** `await32` found the word unchanged; not counted, ip stays at it. */
  Waiting: 6,
} as const;

/** One of the {@link ExitReason} values. */
export type ExitReason = (typeof ExitReason)[keyof typeof ExitReason];
