import { Errno, kill } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { FRAME_BYTES, FRAME_COMMITTED, frameBytes } from './frame.js';
import { SubbufOffset, lossOffset } from './ring-layout.js';

/** What is to be repaired. */
export interface BrokenSubbuf {
  readonly record: number;
  readonly data: number;
  readonly contentBytes: number;
}

/**
 * Completes a closed sub-buffer whose owner has died before everything in it was committed.
 *
 * Only threads of its owner have ever reserved in it, and a process dies as a whole: nobody will commit
 * there any more. Records that are marked are whole, since the mark is a release behind the payload; the others are
 * lost, and counted. Only the consumer repairs.
 *
 * @param missing bytes that were reserved and not committed
 * @returns whether it is complete now; false while the owner lives
 * @source lttng-ust 2.15, which gives sub-buffers owners for this
 */
export function* repairSubbuf(
  t: Thread,
  ring: number,
  { record, data, contentBytes }: BrokenSubbuf,
  missing: number,
): Operation<boolean> {
  const owner = yield* t.load(record + SubbufOffset.owner);
  if ((yield* kill(t, owner, 0)) !== -Errno.ESRCH) return false;
  let unfinished = 0;
  for (let at = 0; at < contentBytes;) {
    const word = yield* t.loadAcquire(data + at);
    if ((word & FRAME_COMMITTED) === 0) unfinished += 1;
    at += Math.max(frameBytes(word), FRAME_BYTES);
  }
  if (unfinished > 0) yield* t.fetchAdd(ring + lossOffset('dead'), unfinished);
  yield* t.fetchAdd(record + SubbufOffset.byAtomic, missing);
  return true;
}
