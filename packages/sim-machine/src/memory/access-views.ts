/**
 * What a memory model that lets loads look back has to know of an access, beyond the access itself:
 * filled in by whoever executes the instruction, before it does.
 *
 * A moment is a point of the timeline of writes. A register's moment is that of the newest write
 * that its value was computed from.
 */
export interface AccessViews {
  /** The moment of the register that the address came from: the load looks no further back. */
  addressMoment: number;
  /** The moment of the registers that are stored. */
  dataMoment: number;
  /** Set by a load: the moment of what it found. */
  resultMoment: number;
  /** Whether the load waits for a word to differ from {@link awaited}. */
  awaits: boolean;
  /** See {@link awaits}. */
  awaited: number;
}

/** A moment that is later than all others. */
export const NEWEST_MOMENT = 0x7fffffff;

/** An access about which nothing is known. */
export function createAccessViews(): AccessViews {
  return { addressMoment: 0, dataMoment: 0, resultMoment: 0, awaits: false, awaited: 0 };
}
