import type { RingMemory } from '../consumer/ring-memory.js';
import { FRAME_BYTES, FRAME_COMMITTED, frameBytes, frameEvent } from './frame.js';
import type { ClosedSubbuf } from './ring-reader.js';

/** A record that was committed. */
export interface WholeRecord {
  /** Number of the event. */
  readonly eventId: number;
  readonly payload: readonly number[];
}

/** The records of a sub-buffer that are whole, in their order. @param memory the process that reads */
export function wholeRecords(
  memory: Pick<RingMemory, 'read32'>,
  { data, contentBytes }: Pick<ClosedSubbuf, 'data' | 'contentBytes'>,
): WholeRecord[] {
  const records: WholeRecord[] = [];
  for (let at = 0; at < contentBytes;) {
    const word = memory.read32(data + at);
    const bytes = Math.max(frameBytes(word), FRAME_BYTES);
    if ((word & FRAME_COMMITTED) !== 0) {
      const payload: number[] = [];
      for (let n = FRAME_BYTES; n < bytes; n += 4) payload.push(memory.read32(data + at + n));
      records.push({ eventId: frameEvent(word), payload });
    }
    at += bytes;
  }
  return records;
}
