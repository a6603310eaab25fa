/**
 * What each thread keeps for a classic flavour, in its own block of memory.
 *
 * | offset | holds                                                                        |
 * |--------|------------------------------------------------------------------------------|
 * | 0      | counter: see {@link CounterBits}; 0 outside of read sections                 |
 * | 4      | registration: one more than the reader's place in the registry; 0 without     |
 *
 * @source liburcu, include/urcu/static/urcu-common.h (struct urcu_reader)
 */
export const RecordOffset = { counter: 0, registration: 4 } as const;

/** Bytes of a record. */
export const RECORD_BYTES = 8;

/**
 * Bits of a reader's counter and of the one of the flavour, which a reader copies when it enters.
 *
 * | bits  | 0..15           | 16    |
 * |-------|-----------------|-------|
 * |       | nesting         | phase |
 */
export const CounterBits = { nesting: 0xffff, phase: 0x10000 } as const;

/** Value of a flavour's counter: what entering counts, and the phase. @source liburcu, URCU_GP_COUNT */
export const FIRST_COUNTER = 1;

/** Where the records of the flavours lie in a thread's block; one flavour of a kind a process. */
export const RECORD_OFFSET = { memb: 128, mb: 136, bp: 144, qsbr: 152 } as const;
