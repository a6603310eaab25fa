/** Bytes of a CPU's block, as a shift: on cache lines of its own. */
export const BLOCK_SHIFT = 8;

/** Bytes that blocks for the CPUs of a machine take. */
export function blocksBytes(cpus: readonly number[]): number {
  return (Math.max(...cpus) + 1) << BLOCK_SHIFT;
}

/** Where the block of a CPU is. */
export function blockOf(base: number, cpu: number): number {
  return base + (cpu << BLOCK_SHIFT);
}
