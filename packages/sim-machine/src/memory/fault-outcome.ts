/** What an access wants from a page. */
export const FaultAccess = {
  Read: 0,
  Write: 1,
  Execute: 2,
} as const;

/** One of the {@link FaultAccess} values. */
export type FaultAccess = (typeof FaultAccess)[keyof typeof FaultAccess];

/**
 * What came of a page fault; up to CopyOnWrite the access can go on.
 *
 * @source include/linux/mm_types.h (vm_fault_reason), sigaction(2) (si_code)
 */
export const FaultOutcome = {
  /** The page was accessible all along. */
  None: 0,
  /** The page is there now: zeros, a page of an object, or a page no longer shared. */
  Minor: 1,
  /** The page was copied, since others refer to the frame as well. */
  CopyOnWrite: 2,
  /** The page is in the swap store: sleep, have it read in, try again. */
  Major: 3,
  /** SIGSEGV, SEGV_MAPERR: nothing is mapped there. */
  SegvMapErr: 4,
  /** SIGSEGV, SEGV_ACCERR: the mapping does not allow it. */
  SegvAccErr: 5,
  /** SIGBUS, BUS_ADRERR: behind the end of the mapped object. */
  BusAdrErr: 6,
  /** Physical memory is used up. */
  OutOfMemory: 7,
} as const;

/** One of the {@link FaultOutcome} values. */
export type FaultOutcome = (typeof FaultOutcome)[keyof typeof FaultOutcome];

/** Outcomes up to this one let the access go on. */
export const LAST_RESOLVED_OUTCOME: FaultOutcome = FaultOutcome.CopyOnWrite;
