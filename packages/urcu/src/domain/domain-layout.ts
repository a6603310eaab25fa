import type { Machine } from '@rseqlab/sim-machine';

/**
 * What a domain is in memory: the words that both sides share, and a block for every CPU.
 *
 * | offset        | bytes | holds                                                          |
 * |---------------|-------|----------------------------------------------------------------|
 * | 0             | 64    | nothing; the header, of a domain in shared memory              |
 * | 64            | 64    | period, futex: what readers read                               |
 * | 128           | 64    | grace-period lock                                              |
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
  period: 64,
  futex: 68,
  lock: 128,
  firstBlock: 192,
} as const;

/** Offsets of the counters of one period. */
export const CounterOffset = { lock: 0, rseqLock: 4, unlock: 8, rseqUnlock: 12 } as const;

/** Binary logarithm of the bytes between the counters of the two periods of a CPU. */
export const PERIOD_SHIFT = 4;

/** Binary logarithm of the bytes between the blocks of two CPUs: a cache line. */
export const BLOCK_SHIFT = 6;

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

/** One block for every id up to the highest that is possible: CPUs may come online later. */
export function blocksOf(machine: Machine): number {
  return machine.cpus.possible.at(-1)! + 1;
}
