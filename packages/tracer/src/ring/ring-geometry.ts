import { TracerError } from '../tracer-error.js';

/** What becomes of events while there is no room: they are lost, or the oldest ones are. */
export type LossMode = 'discard' | 'overwrite';

/** The size of a channel's ring buffers, and who uses them. */
export interface RingGeometry {
  /** Bytes of a sub-buffer, a power of two from 16 to 2^24. */
  readonly subbufBytes: number;
  /** Sub-buffers of each CPU, a power of two from 1 to 1024; to overwrite takes two or more. */
  readonly subbufCount: number;
  readonly mode: LossMode;
  /** Whether several processes write; then a sub-buffer belongs to one of them at a time. */
  readonly isShared: boolean;
}

const LEAST_SUBBUF_BYTES = 16;
const MOST_SUBBUF_BYTES = 2 ** 24;
const MOST_SUBBUFS = 1024;

/**
 * A geometry with its values checked.
 *
 * @throws TracerError `ERR_CHANNEL` with what was expected and what came
 */
export function checkGeometry(geometry: RingGeometry): RingGeometry {
  const { subbufBytes, subbufCount, mode } = geometry;
  if (mode !== 'discard' && mode !== 'overwrite')
    throw refused('mode to be discard or overwrite', JSON.stringify(mode));
  if (!isPowerOfTwo(subbufBytes, LEAST_SUBBUF_BYTES, MOST_SUBBUF_BYTES))
    throw refused(
      `subbufBytes to be a power of two from ${LEAST_SUBBUF_BYTES} to ${MOST_SUBBUF_BYTES}`,
      String(subbufBytes),
    );
  const fewest = mode === 'overwrite' ? 2 : 1;
  if (!isPowerOfTwo(subbufCount, fewest, MOST_SUBBUFS))
    throw refused(
      `subbufCount to be a power of two from ${fewest} to ${MOST_SUBBUFS} in mode ${mode}`,
      String(subbufCount),
    );
  return geometry;
}

function isPowerOfTwo(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && Number.isInteger(Math.log2(value));
}

function refused(expected: string, got: string): TracerError {
  return new TracerError('ERR_CHANNEL', `expected ${expected}, got ${got}`);
}
