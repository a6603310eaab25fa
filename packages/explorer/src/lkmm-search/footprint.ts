/** What code may touch, as bits of {@link Resources}. */
export interface Footprint {
  readonly reads: number;
  readonly writes: number;
  /** Whether it has all CPUs drain their buffers. */
  readonly interrupts: boolean;
}

/** The footprint of nothing. */
export const NO_FOOTPRINT: Footprint = { reads: 0, writes: 0, interrupts: false };

/** The footprint of code that does all of these. */
export function joinFootprints(...parts: readonly Footprint[]): Footprint {
  return {
    reads: parts.reduce((mask, { reads }) => mask | reads, 0),
    writes: parts.reduce((mask, { writes }) => mask | writes, 0),
    interrupts: parts.some(({ interrupts }) => interrupts),
  };
}
