import type { PendingPorts } from '../exit/exit-policy.js';
import type { RegistrationMode } from '../profiles/rseq-rules.js';

/** What the slice extension stands on. */
export interface SlicePorts extends PendingPorts {
  /** 1 for a thread that is in a system call. */
  readonly inSyscall: Int32Array;
  /** How a registered thread is treated. */
  modeOf(thread: number): RegistrationMode;
}
