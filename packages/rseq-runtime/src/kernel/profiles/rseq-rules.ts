import { RSEQ_ORIGINAL_SIZE } from '../rseq-abi.js';

/** What is the same in all kernels: registration, and what other parts of the kernel tell. */
interface RegistrationRules {
  /**
   * Bytes up to the end of the last field, AT_RSEQ_FEATURE_SIZE; 0 for a kernel that does not tell,
   * where an area has exactly the original 32 bytes.
   */
  readonly featureSize: number;
  /** What AT_RSEQ_ALIGN is, in bytes; 0 for a kernel that does not tell. */
  readonly alignment: number;
  /** Flags that a registration may have. */
  readonly registrationFlags: number;
  /**
   * What a registration stores in the area before the first return to user mode: nothing, so that a
   * stale rseq_cs is followed and may be fatal; 0 in an rseq_cs that is not 0, so that an area that
   * cannot be written is often noticed only on the way back; or the whole area as it is at the
   * beginning.
   */
  readonly prepares: 'nothing' | 'rseqCs' | 'area';
  /** Whether unregistering an area that cannot be written is SIGSEGV besides -EFAULT. */
  readonly killsOnFailedReset: boolean;
  /** Whether ptrace knows PTRACE_GET_RSEQ_CONFIGURATION. */
  readonly ptraceConfiguration: boolean;
  /** Whether an area has node_id and mm_cid. */
  readonly nodeAndCid: boolean;
}

/**
 * A kernel that collects events in a mask, even while no section is armed, until an armed section
 * with the thread inside is looked at: context switches, migrations, signals, membarrier.
 *
 * Every look checks the whole descriptor, wherever the thread is, and writes the ids.
 */
export interface MaskedRules extends RegistrationRules {
  readonly sections: 'masked';
  /**
   * What flags in descriptor and area do to a thread inside of its section: they take events out of
   * the mask, and combinations that v4.18 does not know are SIGSEGV; or any of them is.
   */
  readonly flags: 'inhibit' | 'refuse';
}

/** How the kernel treats the threads of one kind of registration. */
export interface RegistrationMode {
  /**
   * What leads to a look at the section when the thread is next in user mode, where it aborts if it
   * is inside: every context switch, migration, signal and membarrier; or only what interrupted
   * user code, so that a thread that lost its CPU in a system call is not looked at.
   */
  readonly events: 'switch' | 'interrupt';
  /** Whether the ids are written at every such event, or only when one of them may have changed. */
  readonly idsWritten: 'always' | 'changed';
  /** When ids that user space has changed are SIGSEGV. */
  readonly idsValidated: 'debug' | 'always';
  /** Whether threads can have the slice extension. */
  readonly sliceExtension: boolean;
}

/**
 * A kernel that remembers from one return to user mode to the next what is to be done at it.
 *
 * A look checks no more than it has to: nothing outside of the section, and inside only that
 * abort_ip is a user address behind the signature; flags mean nothing.
 */
export interface PendingRules extends RegistrationRules {
  readonly sections: 'pending';
  /** An area of the original 32 bytes. */
  readonly original: RegistrationMode;
  /** A longer area. */
  readonly extended: RegistrationMode;
}

/**
 * One version of the kernel's rseq, as data: what the parts of the module go by.
 *
 * @source kernel/rseq.c, include/linux/rseq.h, include/linux/rseq_entry.h at each version
 */
export type RseqRules = MaskedRules | PendingRules;

/** How a thread is treated that has registered an area of a length. */
export function modeOf(rules: PendingRules, length: number): RegistrationMode {
  return length === RSEQ_ORIGINAL_SIZE ? rules.original : rules.extended;
}
