/** The status of a process that wait4 reports, taken apart. @source wait(2) */
export type WaitStatus =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: number }
  | { readonly kind: 'stopped'; readonly signal: number; readonly event: number }
  | { readonly kind: 'continued' };

/** Status after SIGCONT (WIFCONTINUED). @source include/uapi/linux/wait.h, wait(2) */
export const CONTINUED_STATUS = 0xffff;

/** Status of a process that called exit; only the low 8 bits of the code count. */
export function exitedStatus(code: number): number {
  return (code & 0xff) << 8;
}

/** Status of a process that a signal ended. */
export function killedStatus(signal: number): number {
  return signal & 0x7f;
}

/**
 * Status of a stopped process.
 *
 * @param code the signal, with a ptrace event above its low 8 bits
 */
export function stoppedStatus(code: number): number {
  return (code << 8) | 0x7f;
}

/** Takes a status apart. */
export function decodeWaitStatus(status: number): WaitStatus {
  if (status === CONTINUED_STATUS) return { kind: 'continued' };
  if ((status & 0xff) === 0x7f)
    return { kind: 'stopped', signal: (status >>> 8) & 0xff, event: status >>> 16 };
  if ((status & 0x7f) !== 0) return { kind: 'killed', signal: status & 0x7f };
  return { kind: 'exited', code: (status >>> 8) & 0xff };
}
