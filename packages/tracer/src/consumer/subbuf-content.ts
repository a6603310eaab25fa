import { SubbufOffset, LOSSES, lossOffset } from '../ring/ring-layout.js';
import type { RingMemory } from './ring-memory.js';
import { wholeCycles } from './trace-clock.js';
import type { TraceClock } from './trace-clock.js';

/** What is in a sub-buffer, and what a packet has to say of it. */
export interface SubbufContent {
  readonly cpu: number;
  /** Counts the sub-buffers of the ring: one that is missing was overwritten. */
  readonly sequence: bigint;
  /** When it was opened and closed; its events are in between. */
  readonly beginCycles: bigint;
  readonly endCycles: bigint;
  /** Events that the ring has lost since it was made, up to when this was read. */
  readonly discarded: bigint;
  /** Records, frames included: whole words. */
  readonly bytes: Uint8Array;
}

/** Where a sub-buffer lies. */
export interface SubbufPlace {
  readonly cpu: number;
  /** Address of its ring. */
  readonly ring: number;
  readonly record: number;
  readonly data: number;
  readonly contentBytes: number;
  readonly sequence: bigint;
}

/**
 * Copies a sub-buffer that nobody writes to, as write(2) would to a file: in one step, by the kernel.
 *
 * @param endClock clock up to which its events are, in place of that of its closing
 * @param room for the copy, which is valid as long as nobody else uses that; default memory of its own
 */
export function copySubbuf(
  memory: RingMemory,
  place: SubbufPlace,
  clock: TraceClock,
  endClock: number = memory.read32(place.record + SubbufOffset.endClock),
  room: Int32Array = new Int32Array(place.contentBytes >> 2),
): SubbufContent {
  const { cpu, ring, record, data, contentBytes, sequence } = place;
  const beginClock = memory.read32(record + SubbufOffset.beginClock);
  const seconds = memory.read32(record + SubbufOffset.seconds);
  const nanoseconds = memory.read32(record + SubbufOffset.nanoseconds);
  const nearCycles = (seconds * 1e6 + nanoseconds / 1000) * clock.frequencyMhz;
  const beginCycles = wholeCycles(beginClock, nearCycles);
  const words = room.subarray(0, contentBytes >> 2);
  memory.readWords(data, words);
  return {
    cpu,
    sequence,
    beginCycles,
    endCycles: beginCycles + BigInt((endClock - beginClock) >>> 0),
    discarded: BigInt(lostEvents(memory, ring)),
    bytes: new Uint8Array(words.buffer, words.byteOffset, words.byteLength),
  };
}

/** Events that a ring has lost since it was made, for whatever reason. */
export function lostEvents(memory: RingMemory, ring: number): number {
  return LOSSES.reduce((sum, loss) => sum + (memory.read32(ring + lossOffset(loss)) >>> 0), 0);
}
