/**
 * How many records of a thread are reserved and not committed: its own, and those of the signal handlers
 * that interrupted it. Where that word lies in the thread's block of memory.
 */
export const NESTING_OFFSET = 176;

/** Most records of a thread at once; more are lost. @source lttng-ust, LIB_RING_BUFFER_MAX_NESTING */
export const MAX_NESTING = 5;
