import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RingOffset, SubbufOffset } from './ring-layout.js';
import type { RingBuffers } from './ring-buffers.js';

/** A sub-buffer that is closed and committed, as the reader found it. */
export interface ClosedSubbuf {
  /** Free-running offset of its first byte. */
  readonly start: number;
  /** Address of its record, and of its bytes. */
  readonly record: number;
  readonly data: number;
  /** Bytes of records in it. */
  readonly contentBytes: number;
}

/**
 * The reader of one ring, mode discard: hands out sub-buffers in their order, each once.
 *
 * One thread at a time may read a ring, from any CPU. What was consumed is in the ring itself: a reader
 * that comes after one that died goes on where that one had got to.
 */
export class RingReader {
  readonly cpu: number;
  readonly #buffers: RingBuffers;
  readonly #ring: number;

  constructor(buffers: RingBuffers, cpu: number) {
    this.cpu = cpu;
    this.#buffers = buffers;
    this.#ring = buffers.ringOf(cpu);
  }

  /**
   * The next sub-buffer, once it is closed and everything in it is committed. Nobody writes to it
   * until {@link release}.
   */
  *next(t: Thread): Operation<ClosedSubbuf | undefined> {
    const { layout } = this.#buffers;
    const { subbufBytes } = layout.geometry;
    const start = yield* t.load(this.#ring + RingOffset.consumed);
    const offset = yield* t.loadAcquire(this.#ring + RingOffset.offset);
    if ((offset - start) >>> 0 < subbufBytes) return undefined;
    const physical = layout.placeOf(start);
    const record = this.#ring + layout.recordOf(physical);
    const bySection = yield* t.loadAcquire(record + SubbufOffset.bySection);
    const byAtomic = yield* t.loadAcquire(record + SubbufOffset.byAtomic);
    const base = yield* t.load(record + SubbufOffset.base);
    const contentEnd = yield* t.load(record + SubbufOffset.contentEnd);
    const contentBytes = (contentEnd - start) | 0;
    if (((bySection + byAtomic - base) | 0) !== contentBytes) return undefined;
    return { start, record, data: this.#ring + layout.dataOf(physical), contentBytes };
  }

  /** Whether everything that was reserved is consumed. */
  *isAtEnd(t: Thread): Operation<boolean> {
    const consumed = yield* t.load(this.#ring + RingOffset.consumed);
    return (yield* t.loadAcquire(this.#ring + RingOffset.offset)) === consumed;
  }

  /** Gives a sub-buffer back to the writers. Release: what was read of it was read before. */
  *release(t: Thread, subbuf: ClosedSubbuf): Operation<void> {
    const { subbufBytes } = this.#buffers.layout.geometry;
    yield* t.storeRelease(this.#ring + RingOffset.consumed, subbuf.start + subbufBytes);
  }
}
