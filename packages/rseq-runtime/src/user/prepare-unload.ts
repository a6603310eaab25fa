import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RseqOffset } from '../kernel/rseq-abi.js';
import { RSEQ_OFFSET } from './rseq-area.js';

/** Memory that is going to be unmapped or used for something else. */
export interface UnloadedRange {
  /** First address. */
  readonly start: number;
  /** Size. */
  readonly bytes: number;
}

/**
 * Makes the calling thread forget the section it last armed.
 *
 * A section that committed leaves `rseq_cs` as it is: the kernel clears it, but only when it next
 * looks. Not from inside a section, and not while rseq is not registered.
 *
 * @source librseq, rseq/rseq.h (rseq_clear_rseq_cs)
 */
export function* clearRseqCs(t: Thread): Operation<void> {
  yield* t.store(t.threadPointer + RSEQ_OFFSET + RseqOffset.rseqCs, 0);
}

/**
 * Makes the calling thread forget a section whose descriptor lies in memory that is going away.
 *
 * Every thread that ever ran a section of a library has to do so, behind its last one, before the
 * library's code or descriptors are unmapped or freed. One that did not is killed by SIGSEGV when the
 * kernel next looks at its `rseq_cs`, whether it is in a section or not.
 *
 * @returns whether there was something to forget
 * @source librseq, rseq/rseq.h (rseq_prepare_unload); kernel/rseq.c (rseq_get_rseq_cs)
 */
export function* prepareUnload(t: Thread, range: UnloadedRange): Operation<boolean> {
  return yield* prepareUnloadOf(t, t.threadPointer, range);
}

/**
 * Makes another thread of the process forget, see {@link prepareUnload}; for threads that cannot be
 * asked to do it themselves.
 *
 * The other thread may go on meanwhile, and arm sections of other libraries: what it armed since is
 * not touched. It must run none of those that go away, and it must not exit.
 *
 * @param threadPointer of the other thread
 * @returns whether there was something to forget
 */
export function* prepareUnloadOf(
  t: Thread,
  threadPointer: number,
  { start, bytes }: UnloadedRange,
): Operation<boolean> {
  const word = threadPointer + RSEQ_OFFSET + RseqOffset.rseqCs;
  const armed = yield* t.load(word);
  if (armed < start || armed >= start + bytes) return false;
  return (yield* t.compareExchange(word, armed, 0)) === armed;
}
