import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import type { RcuFlavour } from '../../src/rcu-flavour.js';

const TOKEN = 0 as RcuToken;

/**
 * Grace periods that end as soon as any may: when each other thread has been outside once. A word for
 * each thread tells whether it is inside; who waits looks at one after the other.
 *
 * What is safe behind these is safe behind those of every flavour, which end later, and there are few
 * enough states to take all of them. Sections do not nest.
 */
export class ShortestGracePeriods implements RcuFlavour {
  readonly name = 'shortest';
  readonly #words: number;
  readonly #threads: number;
  readonly #isFenced: boolean;

  constructor(machine: Machine, process: Process, threads: number) {
    this.#words = process.allocate(4 * threads);
    this.#threads = threads;
    this.#isFenced = machine.buffersStores;
  }

  *registerThread(): Operation<void> {
    // Each thread has its word.
  }

  *unregisterThread(): Operation<void> {
    // The word stays.
  }

  *quiescentState(): Operation<void> {
    // Sections tell by themselves.
  }

  *threadOffline(): Operation<void> {
    // As above.
  }

  *threadOnline(): Operation<void> {
    // As above.
  }

  /** Enters a section: full fence. */
  *readLock(t: Thread): Operation<RcuToken> {
    yield* t.exchange(this.#wordOf(t.id), 1);
    return TOKEN;
  }

  /** Leaves it: release. */
  readUnlock(t: Thread): Operation<void> {
    return t.storeRelease(this.#wordOf(t.id), 0);
  }

  /** Waits for each other thread to be outside: full fence on both sides. */
  *synchronize(t: Thread): Operation<void> {
    if (this.#isFenced) yield* t.fence();
    for (let thread = 0; thread < this.#threads; thread++)
      if (thread !== t.id) yield* t.waitUntilEqual(this.#wordOf(thread), 0);
    if (this.#isFenced) yield* t.fence();
  }

  #wordOf(thread: number): number {
    return this.#words + 4 * thread;
  }
}
