import type { RingMemory } from '../consumer/ring-memory.js';
import { copySubbuf } from '../consumer/subbuf-content.js';
import type { SubbufContent } from '../consumer/subbuf-content.js';
import type { TraceClock } from '../consumer/trace-clock.js';
import { FRAME_BYTES, frameBytes } from '../ring/frame.js';
import type { RingLayout } from '../ring/ring-layout.js';
import { countRecords, scanRing } from '../ring/ring-scan.js';
import type { ScannedSubbuf } from '../ring/ring-scan.js';

/** A ring in which nothing moves any more. */
export interface DeadRing {
  readonly memory: RingMemory;
  readonly cpu: number;
  /** Its address in the memory. */
  readonly ring: number;
  readonly layout: RingLayout;
  readonly clock: TraceClock;
}

/**
 * What is in a ring and was not consumed, oldest first; records that are not whole count as discarded.
 *
 * @param damaged told of sub-buffers that cannot be
 */
export function* ringContents(
  { memory, cpu, ring, layout, clock }: DeadRing,
  damaged: (sequence: number) => void = () => undefined,
): Generator<SubbufContent> {
  const counts = new Float64Array(0);
  let unfinished = 0;
  for (const subbuf of scanRing(memory, ring, layout)) {
    const sequence = subbuf.start >>> layout.subbufShift;
    if (subbuf.contentBytes < 0 || subbuf.contentBytes > layout.geometry.subbufBytes) {
      damaged(sequence);
      continue;
    }
    unfinished += countRecords(memory, subbuf, counts);
    const place = { ...subbuf, cpu, ring, sequence: BigInt(sequence) };
    const content = subbuf.isClosed
      ? copySubbuf(memory, place, clock)
      : copySubbuf(memory, place, clock, lastClock(memory, subbuf));
    yield { ...content, discarded: content.discarded + BigInt(unfinished) };
  }
}

/** When the last record was reserved. */
function lastClock(memory: RingMemory, { data, contentBytes }: ScannedSubbuf): number {
  let at = 0;
  for (;;) {
    const bytes = Math.max(frameBytes(memory.read32(data + at)), FRAME_BYTES);
    if (at + bytes >= contentBytes) return memory.read32(data + at + 4);
    at += bytes;
  }
}
