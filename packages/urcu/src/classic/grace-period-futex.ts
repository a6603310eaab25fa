import { futexWait, futexWake } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';

/**
 * The word that a grace period sleeps on: 0, or -1 while it sleeps or is about to.
 *
 * The updater: `announce`, a fence, look at the readers, then `sleep`, or `withdraw` when there is
 * nothing to wait for. A reader that leaves: its store, a fence, and `wake` where the word is -1.
 *
 * @source liburcu, src/urcu.c (wait_gp), include/urcu/static/urcu-common.h (urcu_common_wake_up_gp)
 */
export class GracePeriodFutex {
  readonly address: number;

  constructor(process: Process) {
    this.address = process.allocate(4);
  }

  /** Says that the updater will sleep unless it finds no reader. */
  *announce(t: Thread): Operation<void> {
    yield* t.fetchAdd(this.address, -1);
  }

  /** Takes that back. */
  *withdraw(t: Thread): Operation<void> {
    yield* t.store(this.address, 0);
  }

  /** Sleeps until a reader has reset the word; woken for no reason, it sleeps on. */
  *sleep(t: Thread): Operation<void> {
    while ((yield* t.load(this.address)) === -1) yield* futexWait(t, this.address, -1);
  }

  /** Wakes the updater; for a reader that has seen -1. */
  *wake(t: Thread): Operation<void> {
    yield* t.store(this.address, 0);
    yield* futexWake(t, this.address, 1);
  }
}
