import type { PendingOperation } from '../isa/pending-operation.js';

/** What threads are about to do, and which are not to; looking changes nothing in the machine. */
export interface LookAhead {
  /** Fills `into` with the instruction that the thread executes next, and returns it. */
  operation(thread: number, into: PendingOperation): PendingOperation;
  /** Where a thread's virtual address is in memory, or -1 while its page is not there. */
  physicalAddress(thread: number, address: number): number;
  /** Whether a running thread that yields (sched_yield) lets another one go first, if nobody else does. */
  givesWay(thread: number, other: number): boolean;
  /**
   * Puts a value into memory that a CPU finds there from now on, and none that was there before; nobody is told. For
   * runs that are thrown away, in which it is asked what a program would do with it.
   *
   * @param size 1 to 4 bytes
   */
  pretend(cpu: number, physical: number, size: number, value: number): void;
  /**
   * From now on threads for which this says so cannot step, like those in front of an await that is not
   * met; undefined ends it. For directors that know that a thread's steps would lead nowhere; decisions
   * that are made all the same are carried out.
   */
  holdBack(isHeldBack: ((thread: number) => boolean) | undefined): void;
}
