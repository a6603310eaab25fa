/**
 * What a domain is in memory: a header, the words that both sides share, and a block for every CPU.
 *
 * | offset        | bytes | holds                                                          |
 * |---------------|-------|----------------------------------------------------------------|
 * | 0             | 64    | header: magic, version, number of blocks                       |
 * | 64            | 64    | period, futex: what readers read                               |
 * | 128           | 64    | grace-period lock, sequence of grace periods                   |
 * | 192 + 64 * n  | 64    | block of CPU n: for period 0, then 1, the four counters        |
 *
 * The counters of a period, each a word that wraps:
 *
 * | offset | counts                                      | written by                       |
 * |--------|---------------------------------------------|----------------------------------|
 * | 0      | locks by atomic                             | any CPU, atomically              |
 * | 4      | locks by section (rseqLock)                 | sections on this CPU             |
 * | 8      | unlocks by atomic                           | any CPU, atomically              |
 * | 12     | unlocks by section (rseqUnlock)             | sections on this CPU             |
 *
 * A plain store of a section and an atomic of another CPU on one word would lose updates: hence two
 * words for each count.
 *
 * @source librseq's companion librcu in libside, src/lib/librcu (struct side_rcu_percpu_count)
 */
export const DomainOffset = {
  magic: 0,
  version: 4,
  blocks: 8,
  period: 64,
  futex: 68,
  lock: 128,
  sequence: 132,
  firstBlock: 192,
} as const;

/** Offsets of the counters of one period. */
export const CounterOffset = { lock: 0, rseqLock: 4, unlock: 8, rseqUnlock: 12 } as const;

/** Binary logarithm of the bytes between the counters of the two periods of a CPU. */
export const PERIOD_SHIFT = 4;

/** Binary logarithm of the bytes between the blocks of two CPUs: a cache line. */
export const BLOCK_SHIFT = 6;

/** Tells a domain from other memory: "URCU", little-endian. */
export const DOMAIN_MAGIC = 0x55435255;

/** Changes whenever the layout does. */
export const DOMAIN_VERSION = 1;

/** The futex word while a grace period sleeps, or is about to. */
export const GRACE_PERIOD_WAITS = -1;

/**
 * Bytes of a domain.
 *
 * @param blocks one more than the highest id of a possible CPU
 */
export function domainBytes(blocks: number): number {
  return DomainOffset.firstBlock + (blocks << BLOCK_SHIFT);
}
