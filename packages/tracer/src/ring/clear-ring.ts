import { getAffinity, nanosleep, setAffinity } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { RingBuffers } from './ring-buffers.js';
import { RingOffset } from './ring-layout.js';
import { RingReader } from './ring-reader.js';
import type { ClosedSubbuf } from './ring-reader.js';

/** How long to wait for somebody to commit. */
const COMMIT_WAIT_NS = 50_000;

/**
 * Drops what is in the rings of a channel that nobody consumes, on each CPU in turn; the thread ends where it
 * may have been before.
 *
 * In mode overwrite nobody else uses the word that says what was consumed: snapshots begin behind it.
 *
 * @param dropped is told of each sub-buffer, mode discard
 */
export function* clearRings(
  t: Thread,
  buffers: RingBuffers,
  dropped: (subbuf: ClosedSubbuf) => void,
): Operation<void> {
  const affinity = yield* getAffinity(t);
  for (const cpu of buffers.cpus) {
    if ((yield* setAffinity(t, [cpu])) !== 0) continue;
    yield* buffers.closeSubbuf(t);
    if (buffers.layout.geometry.mode === 'discard') yield* consumeAll(t, buffers, cpu, dropped);
    else {
      const ring = buffers.ringOf(cpu);
      const offset = yield* t.loadAcquire(ring + RingOffset.offset);
      yield* t.storeRelease(ring + RingOffset.consumed, buffers.layout.startOf(offset));
    }
  }
  yield* setAffinity(t, affinity);
}

function* consumeAll(
  t: Thread,
  buffers: RingBuffers,
  cpu: number,
  dropped: (subbuf: ClosedSubbuf) => void,
): Operation<void> {
  const ring = buffers.ringOf(cpu);
  const end = buffers.layout.startOf(yield* t.loadAcquire(ring + RingOffset.offset));
  const reader = new RingReader(buffers, cpu);
  while ((yield* t.load(ring + RingOffset.consumed)) !== end) {
    const subbuf = yield* reader.next(t);
    if (subbuf === undefined) yield* nanosleep(t, COMMIT_WAIT_NS);
    else {
      dropped(subbuf);
      yield* reader.release(t, subbuf);
    }
  }
}
