import { getcpu } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { currentIndex } from './current-index.js';

/**
 * The number of the CPU that the calling thread is on, a moment ago, from the cheapest source that
 * there is:
 *
 * | source                  | there when                                     | costs         |
 * |-------------------------|------------------------------------------------|---------------|
 * | `rseq->cpu_id`          | the thread is registered                       | a load        |
 * | the word of getcpu_cache | `cacheAddress` is given and the word was filled | another load  |
 * | the system call getcpu  | always                                         | a system call |
 *
 * @param cacheAddress the thread's word that getcpu_cache was given, which held -1 before
 * @source librseq, rseq_current_cpu and rseq_fallback_current_cpu
 */
export function* currentCpu(t: Thread, cacheAddress?: number): Operation<number> {
  const own = yield* currentIndex(t, 'cpu_id');
  if (own >= 0) return own;
  if (cacheAddress !== undefined) {
    const cached = yield* t.load(cacheAddress);
    if (cached >= 0) return cached;
  }
  return (yield* getcpu(t)).cpu;
}
