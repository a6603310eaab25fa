import { nanosleep } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { frameBytes, frameEvent, FRAME_BYTES, FRAME_COMMITTED } from '../../src/ring/frame.js';
import type { RingBuffers } from '../../src/ring/ring-buffers.js';
import { SubbufOffset } from '../../src/ring/ring-layout.js';
import { RingReader } from '../../src/ring/ring-reader.js';

/** A sub-buffer as a reader was given it. */
export interface Delivered {
  readonly cpu: number;
  readonly start: number;
  readonly begin: number;
  readonly end: number;
  readonly records: readonly { event: number; time: number; word: number; isWhole: boolean }[];
}

/** Reads what is closed and committed in a ring, and releases it. @param deliver before it is released */
export function* drain(
  t: Thread,
  buffers: RingBuffers,
  cpu: number,
  deliver: (subbuf: Delivered) => void,
): Operation<void> {
  const reader = new RingReader(buffers, cpu);
  for (let subbuf = yield* reader.next(t); subbuf !== undefined; subbuf = yield* reader.next(t)) {
    const { start, record, data, contentBytes } = subbuf;
    const records: Delivered['records'][number][] = [];
    for (let at = 0; at < contentBytes;) {
      const frame = yield* t.loadAcquire(data + at);
      const time = (yield* t.load(data + at + 4)) >>> 0;
      const word = yield* t.load(data + at + FRAME_BYTES);
      const isWhole = (frame & FRAME_COMMITTED) !== 0;
      records.push({ event: frameEvent(frame), time, word, isWhole });
      at += Math.max(frameBytes(frame), FRAME_BYTES);
    }
    const begin = (yield* t.load(record + SubbufOffset.beginClock)) >>> 0;
    const end = (yield* t.load(record + SubbufOffset.endClock)) >>> 0;
    deliver({ cpu, start, begin, end, records });
    yield* reader.release(t, subbuf);
  }
}

/** Closes what is open on the thread's CPU and reads until nothing is left that was reserved. */
export function* drainAll(
  t: Thread,
  buffers: RingBuffers,
  cpu: number,
  deliver: (subbuf: Delivered) => void,
): Operation<void> {
  yield* buffers.closeSubbuf(t);
  const reader = new RingReader(buffers, cpu);
  for (;;) {
    yield* drain(t, buffers, cpu, deliver);
    if (yield* reader.isAtEnd(t)) return;
    yield* nanosleep(t, 1000);
  }
}

/** What is wrong with sub-buffers of one ring; undefined if times cover their events and follow each other. */
export function timeProblem(subbufs: readonly Delivered[]): string | undefined {
  let [last, next] = [0, subbufs[0]?.start ?? 0];
  for (const { start, begin, end, records } of subbufs) {
    if (start !== next) return `sub-buffer at ${start} comes where ${next} is due`;
    if (begin < last) return `sub-buffer begins at ${begin}, the one before ends at ${last}`;
    let time = begin;
    for (const record of records) {
      if (record.time < time) return `event ${record.event} of ${record.time} comes behind ${time}`;
      time = record.time;
    }
    if (end < time) return `sub-buffer ends at ${end}, its last event is of ${time}`;
    last = end;
    next = start + SUBBUF_BYTES;
  }
  return undefined;
}

/** Sub-buffers of these tests. */
export const SUBBUF_BYTES = 32;
