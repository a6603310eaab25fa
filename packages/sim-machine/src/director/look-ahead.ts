import type { PendingOperation } from '../isa/pending-operation.js';

/** What threads are about to do; looking changes nothing in the machine. */
export interface LookAhead {
  /** Fills `into` with the instruction that the thread executes next, and returns it. */
  operation(thread: number, into: PendingOperation): PendingOperation;
  /** Where a thread's virtual address is in memory, or -1 while its page is not there. */
  physicalAddress(thread: number, address: number): number;
}
