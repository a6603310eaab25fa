import { FaultOutcome } from './fault-outcome.js';

/** How a SIGSEGV came about. @source include/uapi/asm-generic/siginfo.h */
export const SegvCode = {
  /** SEGV_MAPERR: nothing is mapped there. */
  MapErr: 1,
  /** SEGV_ACCERR: the mapping does not allow the access. */
  AccErr: 2,
} as const;

/** One of the {@link SegvCode} values. */
export type SegvCode = (typeof SegvCode)[keyof typeof SegvCode];

/**
 * The kernel's side of a page fault of the thread that runs on the current CPU.
 *
 * Called during the access. It takes note, wakes nobody and switches nothing: the access goes on
 * (minor faults) or the thread stops in front of its instruction, and the kernel acts then.
 * Addresses are unsigned.
 */
export interface FaultHandler {
  /** The fault was resolved and the access goes on; `kind` is Minor or CopyOnWrite. */
  minorFault(address: number, kind: FaultOutcome): void;
  /** The page is swapped out: the thread sleeps until it was read in, then accesses again. */
  majorFault(address: number): void;
  /** The access is not allowed: SIGSEGV. */
  segmentation(address: number, code: SegvCode): void;
  /** The page lies behind the end of the mapped object: SIGBUS with BUS_ADRERR. */
  busError(address: number): void;
  /** No memory for the page: what makes Linux kill somebody. */
  outOfMemory(address: number): void;
}

/** Hands an outcome that is not None to the method of the handler that it belongs to. */
export function reportFault(handler: FaultHandler, address: number, outcome: FaultOutcome): void {
  const unsigned = address >>> 0;
  switch (outcome) {
    case FaultOutcome.None:
      return;
    case FaultOutcome.Minor:
    case FaultOutcome.CopyOnWrite:
      handler.minorFault(unsigned, outcome);
      return;
    case FaultOutcome.Major:
      handler.majorFault(unsigned);
      return;
    case FaultOutcome.SegvMapErr:
      handler.segmentation(unsigned, SegvCode.MapErr);
      return;
    case FaultOutcome.SegvAccErr:
      handler.segmentation(unsigned, SegvCode.AccErr);
      return;
    case FaultOutcome.BusAdrErr:
      handler.busError(unsigned);
      return;
    case FaultOutcome.OutOfMemory:
      handler.outOfMemory(unsigned);
  }
}
