import { futexWait, futexWake } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';

/**
 * A word that one thread sleeps on and others wake: 0, or -1 while the sleeper looks for work or
 * sleeps.
 *
 * Sleeper: `announce`, look for work, `sleep` if there is none. Waker: make work, then `wake`.
 *
 * @source liburcu, src/urcu-call-rcu-impl.h (call_rcu_wait, call_rcu_wake_up)
 */
export class WorkerFutex {
  readonly #address: number;

  constructor(address: number) {
    this.#address = address;
  }

  /** Says that the sleeper will sleep unless it finds work from here on. Full fence. */
  *announce(t: Thread): Operation<void> {
    yield* t.fetchAdd(this.#address, -1);
  }

  /** Sleeps until woken; woken for no reason, it sleeps on. */
  *sleep(t: Thread): Operation<void> {
    yield* t.fence();
    while ((yield* t.load(this.#address)) === -1) yield* futexWait(t, this.#address, -1);
  }

  /** Takes {@link announce} back. */
  *withdraw(t: Thread): Operation<void> {
    yield* t.store(this.#address, 0);
  }

  /** Wakes the sleeper, if it sleeps or is about to. */
  *wake(t: Thread): Operation<void> {
    yield* t.fence();
    if ((yield* t.load(this.#address)) !== -1) return;
    yield* t.store(this.#address, 0);
    yield* futexWake(t, this.#address, 1);
  }
}
