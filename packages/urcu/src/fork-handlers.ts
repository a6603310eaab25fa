import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from './domain/rcu-token.js';
import { blockSignals, restoreSignals } from './signals-off.js';

/**
 * What has to be called around fork, by the thread that forks, in a process that goes on to use RCU in
 * the child: what `pthread_atfork` takes.
 *
 * Signals are blocked from `beforeFork` on, so that no handler reads in between.
 *
 * @source liburcu, urcu_bp_before_fork, urcu_bp_after_fork_parent, urcu_bp_after_fork_child
 */
export interface ForkHandlers {
  /**
   * Before fork.
   *
   * @param sections tokens of the read sections that the calling thread is in; default none. The
   *   child has them, too, and has to leave each
   */
  beforeFork(t: Thread, sections?: readonly RcuToken[]): Operation<void>;
  /**
   * Behind fork, in the parent.
   *
   * @param child what fork returned: the child's pid, or a negative errno
   */
  afterForkParent(t: Thread, child: number): Operation<void>;
  /** First thing in the child. @param sections as for {@link beforeFork} */
  afterForkChild(t: Thread, sections?: readonly RcuToken[]): Operation<void>;
}

/** Keeps signals off around fork; what was blocked before lies in memory, which the child has a copy of. */
export class ForkMask {
  readonly #saved: number;

  constructor(process: Process) {
    this.#saved = process.allocate(8);
  }

  /** Blocks all signals. */
  *block(t: Thread): Operation<void> {
    const { low, high } = yield* blockSignals(t);
    yield* t.store(this.#saved, low);
    yield* t.store(this.#saved + 4, high);
  }

  /** Takes {@link block} back. */
  *restore(t: Thread): Operation<void> {
    const low = yield* t.load(this.#saved);
    const high = yield* t.load(this.#saved + 4);
    yield* restoreSignals(t, { low, high });
  }
}
