import type { RingGeometry } from './ring-geometry.js';

/**
 * Words of a ring, from its beginning.
 *
 * | offset | holds                                               | written by                      |
 * |--------|-----------------------------------------------------|---------------------------------|
 * | 0      | offset: bytes reserved so far, free-running         | sections on the ring's CPU only |
 * | 64     | consumed: bytes consumed so far, free-running       | the consumer only               |
 * | 128    | events lost, a word for each reason: {@link LOSSES}  | atomics only                    |
 * | 192    | in mode overwrite: sub-buffer of each place         | sections on the ring's CPU only |
 * | ...    | a record for each sub-buffer: {@link SubbufOffset}  |                                 |
 * | ...    | the sub-buffers                                     | who reserved there              |
 *
 * No word is written both by sections and by atomics: a plain store of the one would undo the other.
 */
export const RingOffset = { offset: 0, consumed: 64, lost: 128, table: 192 } as const;

/**
 * The record of a sub-buffer.
 *
 * | offset | holds                                                    | written by                     |
 * |--------|----------------------------------------------------------|--------------------------------|
 * | 0      | bytes committed by sections, free-running                | sections on the ring's CPU     |
 * | 4      | bytes committed from other CPUs or after an abort        | atomics                        |
 * | 8      | base: the sum of both when the sub-buffer was opened     | sections; repairs              |
 * | 12     | start: offset of its first byte                          | sections                       |
 * | 16     | content end: offset behind its last record, once closed  | sections                       |
 * | 20     | clock at its opening                                     | sections                       |
 * | 24     | clock at its closing                                     | sections                       |
 * | 28     | owner: pid of the process that opened it                 | sections                       |
 * | 32     | time of its opening: seconds, and nanoseconds behind     | sections                       |
 *
 * Invariant: everything in a closed sub-buffer is committed exactly when
 * `bySection + byAtomic - base === contentEnd - start`.
 */
export const SubbufOffset = {
  bySection: 0,
  byAtomic: 4,
  base: 8,
  start: 12,
  contentEnd: 16,
  beginClock: 20,
  endClock: 24,
  owner: 28,
  seconds: 32,
  nanoseconds: 36,
} as const;

/** Binary logarithm of the bytes between the records of two sub-buffers: a cache line. */
export const RECORD_SHIFT = 6;

/**
 * Why an event is lost, in the order of the ring's counters.
 *
 * `full`: no room, mode discard. `wrap`: the next place holds a sub-buffer that is not committed yet,
 * mode overwrite. `big`: larger than a sub-buffer. `nested`: from a signal handler that is nested too
 * deep. `interrupted`: the reservation was aborted every time, or the thread is not registered for rseq.
 * `dead`: its process died before it was committed.
 */
export const LOSSES = ['full', 'wrap', 'big', 'nested', 'interrupted', 'dead'] as const;

/** One of {@link LOSSES}. */
export type Loss = (typeof LOSSES)[number];

/** Byte offset of the counter of a loss in its ring. */
export function lossOffset(loss: Loss): number {
  return RingOffset.lost + 4 * LOSSES.indexOf(loss);
}

/** Where everything is in the rings of a geometry. */
export class RingLayout {
  readonly geometry: RingGeometry;
  readonly subbufShift: number;
  /** Sub-buffers that there are: in mode overwrite one more, which the reader has. */
  readonly physicalCount: number;
  /** Byte offset of the records in a ring. */
  readonly records: number;
  /** Byte offset of the sub-buffers in a ring. */
  readonly data: number;
  /** Bytes between the rings of two CPUs. */
  readonly strideBytes: number;

  constructor(geometry: RingGeometry) {
    const { subbufBytes, subbufCount, mode } = geometry;
    this.geometry = geometry;
    this.subbufShift = Math.log2(subbufBytes);
    this.physicalCount = mode === 'overwrite' ? subbufCount + 1 : subbufCount;
    const table = mode === 'overwrite' ? roundUp(4 * subbufCount, 64) : 0;
    this.records = RingOffset.table + table;
    this.data = this.records + (this.physicalCount << RECORD_SHIFT);
    this.strideBytes = roundUp(this.data + this.physicalCount * subbufBytes, 64);
  }

  /** Byte offset in its ring of the record of a sub-buffer. */
  recordOf(physical: number): number {
    return this.records + (physical << RECORD_SHIFT);
  }

  /** Byte offset in its ring of a sub-buffer. */
  dataOf(physical: number): number {
    return this.data + physical * this.geometry.subbufBytes;
  }

  /** Offset of the first byte of the sub-buffer that an offset is in. */
  startOf(offset: number): number {
    return offset & -this.geometry.subbufBytes;
  }

  /** Which place in the ring the sub-buffer at an offset has. */
  placeOf(offset: number): number {
    return (offset >>> this.subbufShift) & (this.geometry.subbufCount - 1);
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
