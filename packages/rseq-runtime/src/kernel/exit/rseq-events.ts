/**
 * Bits of a thread's event mask: why a critical section may have to be aborted.
 *
 * @source include/linux/sched.h (enum rseq_event_mask_bits), v6.1
 */
export const RseqEvent = {
  Preempt: 1,
  Signal: 2,
  Migrate: 4,
} as const;
