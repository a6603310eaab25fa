import type { UserMemoryPort } from '../user-memory-port.js';

/**
 * Where a signal came from, `si_code`; above 0 the kernel sent it.
 *
 * @source include/uapi/asm-generic/siginfo.h
 */
export const SignalCode = {
  SI_USER: 0,
  SI_KERNEL: 0x80,
  SI_QUEUE: -1,
  SI_TIMER: -2,
  SI_TKILL: -6,
  ILL_ILLOPC: 1,
  SEGV_MAPERR: 1,
  SEGV_ACCERR: 2,
  BUS_ADRERR: 2,
  TRAP_BRKPT: 1,
  TRAP_TRACE: 2,
  CLD_EXITED: 1,
  CLD_KILLED: 2,
  CLD_TRAPPED: 4,
  CLD_STOPPED: 5,
  CLD_CONTINUED: 6,
} as const;

/** One instance of a signal, in the kernel's hands. */
export interface SignalRecord {
  /** 1 to 64; 0 for none. */
  signal: number;
  /** A {@link SignalCode}. */
  code: number;
  /** `si_addr` of a fault or trap, `si_pid` of all others. */
  origin: number;
  /** `si_status` of SIGCHLD, `si_value` of a queued signal. */
  value: number;
}

/** What a signal handler is told; a copy of the siginfo in its frame. */
export interface SignalInfo {
  /** The signal, 1 to 64. */
  readonly signal: number;
  /** Where it came from, a {@link SignalCode}. */
  readonly code: number;
  /** `si_addr` of a fault or trap, `si_pid` of all others. */
  readonly origin: number;
  /** `si_status` of SIGCHLD, `si_value` of a queued signal. */
  readonly value: number;
  /** Address of the siginfo structure on the stack. */
  readonly address: number;
  /** Address of the saved context on the stack; what is changed there is what the thread goes on with. */
  readonly context: number;
}

/** Bytes of `siginfo_t`. */
export const SIGNAL_INFO_BYTES = 128;

/** Words of it that hold something. */
const USED_WORDS = 6;

/**
 * Word `index` of a siginfo structure.
 *
 * | offset | field               | offset | field                 |
 * |--------|---------------------|--------|-----------------------|
 * | 0      | si_signo            | 12     | si_pid, si_addr       |
 * | 4      | si_errno, always 0  | 16     | si_uid, always 0      |
 * | 8      | si_code             | 20     | si_status, si_value   |
 *
 * @source include/uapi/asm-generic/siginfo.h, with the machine's word for pointers
 */
function signalInfoWord(record: Readonly<SignalRecord>, index: number): number {
  switch (index) {
    case 0:
      return record.signal;
    case 2:
      return record.code;
    case 3:
      return record.origin;
    case 5:
      return record.value;
    default:
      return 0;
  }
}

/** Writes a whole siginfo structure; false when it does not fit into the user's memory. */
export function writeSignalInfo(
  user: UserMemoryPort,
  address: number,
  record: Readonly<SignalRecord>,
): boolean {
  for (let index = 0; index < SIGNAL_INFO_BYTES / 4; index++) {
    user.put32(address + index * 4, index < USED_WORDS ? signalInfoWord(record, index) : 0);
    if (user.failed) return false;
  }
  return true;
}

/** Reads what a program put into a siginfo structure; false when it cannot be read. */
export function readSignalInfo(user: UserMemoryPort, address: number, into: SignalRecord): boolean {
  into.signal = user.get32(address);
  if (!user.failed) into.code = user.get32(address + 8);
  if (!user.failed) into.origin = user.get32(address + 12);
  if (!user.failed) into.value = user.get32(address + 20);
  return !user.failed;
}
