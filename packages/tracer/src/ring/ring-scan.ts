import type { RingMemory } from '../consumer/ring-memory.js';
import { FRAME_BYTES, FRAME_COMMITTED, frameBytes, frameEvent } from './frame.js';
import { RingOffset, SubbufOffset } from './ring-layout.js';
import type { RingLayout } from './ring-layout.js';

/** A sub-buffer as it lies in memory, committed or not. */
export interface ScannedSubbuf {
  /** Free-running offset of its first byte. */
  readonly start: number;
  /** Address of its record, and of its bytes. */
  readonly record: number;
  readonly data: number;
  /** Bytes of records in it, up to now if it is open. */
  readonly contentBytes: number;
  /** Whether it is closed; the clock of its end is known then. */
  readonly isClosed: boolean;
}

/**
 * The sub-buffers that lie in a ring, oldest first: those that were not consumed, or not overwritten.
 *
 * Nobody has to run for this, nor be alive: all that is needed is memory in which nothing moves.
 */
export function scanRing(memory: RingMemory, ring: number, layout: RingLayout): ScannedSubbuf[] {
  const { subbufBytes, subbufCount } = layout.geometry;
  const offset = memory.read32(ring + RingOffset.offset);
  const consumed = memory.read32(ring + RingOffset.consumed);
  const found: ScannedSubbuf[] = [];
  for (let physical = 0; physical < layout.physicalCount; physical++) {
    const record = ring + layout.recordOf(physical);
    const start = memory.read32(record + SubbufOffset.start);
    const age = (offset - start) | 0;
    // Offsets wrap, so ages are compared.
    if (age <= 0 || age > subbufBytes * subbufCount || ((start - consumed) | 0) < 0) continue;
    const isClosed = age >= subbufBytes;
    const end = isClosed ? memory.read32(record + SubbufOffset.contentEnd) : offset;
    const data = ring + layout.dataOf(physical);
    const subbuf = { start, record, data, contentBytes: (end - start) | 0, isClosed };
    if (wasOpened(memory, ring, layout, physical, subbuf)) found.push(subbuf);
  }
  return found.sort((a, b) => (a.start - b.start) | 0);
}

/**
 * Whether it is not one that was never opened, which has the start of the first one. In mode overwrite a
 * reader that died may have kept one that is closed: it is good, though it is in no place.
 */
function wasOpened(
  memory: RingMemory,
  ring: number,
  layout: RingLayout,
  physical: number,
  { start, contentBytes, isClosed }: ScannedSubbuf,
): boolean {
  const place = layout.placeOf(start);
  if (layout.geometry.mode === 'discard') return place === physical;
  if (isClosed) return contentBytes > 0;
  return memory.read32(ring + RingOffset.table + 4 * place) === physical;
}

/** Where records lie. */
export type RecordSpan = Pick<ScannedSubbuf, 'data' | 'contentBytes'>;

/** Events in a sub-buffer that are whole, by their number; and how many are not. */
export function countRecords(
  memory: RingMemory,
  { data, contentBytes }: RecordSpan,
  counts: Float64Array,
): number {
  let unfinished = 0;
  for (let at = 0; at < contentBytes;) {
    const word = memory.read32(data + at);
    if ((word & FRAME_COMMITTED) === 0) unfinished += 1;
    else counts[frameEvent(word)]! += 1;
    at += Math.max(frameBytes(word), FRAME_BYTES);
  }
  return unfinished;
}
