/** How an access of an event took place, as bits. */
export const AccessMode = {
  Read: 1,
  Write: 2,
  /** A read of what is in the CPU's own buffer. */
  Forwarded: 4,
  /** A write out of the buffer of a CPU. */
  Drained: 8,
  /** No access: what the word was since the thread last read it decides whether the event can happen. */
  Guard: 16,
} as const;
