import { Mutex, futexWait } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { DomainOffset, GRACE_PERIOD_WAITS } from './domain-layout.js';
import type { GracePeriodStep } from './grace-period-step.js';

/** How the updaters of a domain keep off each other, and wait for readers. */
export interface Updaters {
  /** Takes the grace-period lock. */
  lock(t: Thread): Operation<void>;
  /** Gives it back. */
  unlock(t: Thread): Operation<void>;
  /** Says what comes next; by the holder of the lock. */
  note(t: Thread, step: GracePeriodStep): Operation<void>;
  /** Sleeps until there is reason to look at the counters again: the futex word is reset, or other. */
  sleep(t: Thread): Operation<void>;
}

/** The updaters of a domain of one process: they live and die together. */
export class LocalUpdaters implements Updaters {
  readonly #mutex: Mutex;
  readonly #futex: number;

  /** @param domain address of the domain */
  constructor(domain: number) {
    this.#mutex = new Mutex(domain + DomainOffset.lock);
    this.#futex = domain + DomainOffset.futex;
  }

  /** See {@link Updaters.lock}. */
  lock(t: Thread): Operation<void> {
    return this.#mutex.lock(t);
  }

  /** See {@link Updaters.unlock}. */
  unlock(t: Thread): Operation<void> {
    return this.#mutex.unlock(t);
  }

  /** Nothing: nobody could see it. */
  *note(_t: Thread, _step: GracePeriodStep): Operation<void> {
    // As said.
  }

  /** Sleeps until a reader that leaves has reset the futex; woken for no reason, it sleeps on. */
  *sleep(t: Thread): Operation<void> {
    do yield* futexWait(t, this.#futex, GRACE_PERIOD_WAITS);
    while ((yield* t.load(this.#futex)) === GRACE_PERIOD_WAITS);
  }
}
