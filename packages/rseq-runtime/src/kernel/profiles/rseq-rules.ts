/**
 * What leads to a look at a thread's critical section on its way to user mode.
 *
 * - `mask`: context switches, migrations, signals and membarrier set bits, which are collected, even
 *   while no section is armed, until an armed section with the thread inside is looked at. The bits
 *   decide whether it aborts.
 * - `switch`: each of these is looked at when the thread is next in user mode, and then forgotten.
 *   A thread that is found inside of its section aborts.
 * - `interrupt`: as `switch`, but only for what interrupted user code: a thread that lost its CPU
 *   while in a system call is not looked at, nor is one that a signal finds there.
 */
export type SectionEvents = 'mask' | 'switch' | 'interrupt';

/**
 * How much of a descriptor is checked; what fails is SIGSEGV.
 *
 * - `always`: everything, wherever the thread is.
 * - `inside`: nothing outside of the section, and inside only that abort_ip is a user address behind
 *   the signature.
 */
export type SectionValidation = 'always' | 'inside';

/**
 * What flags in descriptor and area do to a thread inside of its section.
 *
 * - `inhibit`: they take events out of the mask; a combination that v4.18 does not know is SIGSEGV.
 * - `refuse`: any of them is SIGSEGV.
 * - `ignore`: nothing.
 */
export type FlagsPolicy = 'inhibit' | 'refuse' | 'ignore';

/**
 * What a successful registration stores in the area before the first return to user mode.
 *
 * - `nothing`: so that a stale rseq_cs is followed, and may be fatal.
 * - `rseqCs`: 0 in rseq_cs.
 * - `area`: rseq_cs 0, and all ids as uninitialised.
 */
export type AreaPreparation = 'nothing' | 'rseqCs' | 'area';

/** How the kernel treats the threads of one kind of registration. */
export interface RegistrationMode {
  /** What leads to a look at the section. */
  readonly events: SectionEvents;
  /** Whether the ids are written at every such event, or only when one of them has changed. */
  readonly idsWritten: 'always' | 'changed';
  /** When ids that user space has changed are SIGSEGV. */
  readonly idsValidated: 'never' | 'debug' | 'always';
  /** Whether threads can have the slice extension. */
  readonly sliceExtension: boolean;
}

/**
 * One version of the kernel's rseq, as data: what the parts of the module go by.
 *
 * @source kernel/rseq.c, include/linux/rseq.h, include/linux/rseq_entry.h at each version
 */
export interface RseqRules {
  /**
   * Bytes up to the end of the last field, AT_RSEQ_FEATURE_SIZE; 0 for a kernel that does not tell,
   * where an area has exactly the original 32 bytes.
   */
  readonly featureSize: number;
  /** What AT_RSEQ_ALIGN is, in bytes; 0 for a kernel that does not tell. */
  readonly alignment: number;
  /** Flags that a registration may have. */
  readonly registrationFlags: number;
  /** What a registration stores in the area. */
  readonly prepares: AreaPreparation;
  /** Whether unregistering an area that cannot be written is SIGSEGV besides -EFAULT. */
  readonly killsOnFailedReset: boolean;
  /** Whether the area has node_id and mm_cid. */
  readonly hasNodeAndMmCid: boolean;
  /** How descriptors are checked in production; debug mode checks everything. */
  readonly validation: SectionValidation;
  /** What flags do. */
  readonly flags: FlagsPolicy;
  /** Whether ptrace knows PTRACE_GET_RSEQ_CONFIGURATION. */
  readonly ptraceConfiguration: boolean;
  /** An area of the original 32 bytes. */
  readonly original: RegistrationMode;
  /** A longer area. */
  readonly extended: RegistrationMode;
}
