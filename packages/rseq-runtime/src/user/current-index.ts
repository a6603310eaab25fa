import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RuntimeError } from '../runtime-error.js';
import { INDEX_OFFSET } from './index-kind.js';
import type { IndexKind } from './index-kind.js';
import { RSEQ_OFFSET } from './rseq-area.js';

/**
 * The index of the calling thread, which may be another one by the time it is used; negative when the
 * thread is not registered.
 */
export function currentIndex(t: Thread, index: IndexKind): Operation<number> {
  return t.load(t.threadPointer + RSEQ_OFFSET + INDEX_OFFSET[index]);
}

/**
 * Makes sure that the calling thread has an index. Unregistering leaves 0 in `mm_cid`, so that
 * `cpu_id` is what tells.
 *
 * @throws RuntimeError `ERR_UNREGISTERED` when it has not: it is not registered for rseq, or the
 *   kernel does not know of this kind
 */
export function* expectIndex(t: Thread, index: IndexKind): Operation<void> {
  const own = yield* currentIndex(t, index);
  const number = own < 0 ? own : yield* currentIndex(t, 'cpu_id');
  if (number < 0)
    throw new RuntimeError(
      'ERR_UNREGISTERED',
      `expected thread ${t.id} ${t.name} to be registered for rseq with ${index}, got ${number}`,
    );
}
