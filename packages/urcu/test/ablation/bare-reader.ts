import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { BarrierPlan } from '../../src/domain/barrier-plan.js';
import {
  CounterOffset,
  DomainOffset,
  GRACE_PERIOD_WAITS,
  PERIOD_SHIFT,
} from '../../src/domain/domain-layout.js';

/**
 * What is left of a reader that is alone on the only CPU: the loads and the commits of its sections, and
 * the barriers. No kernel takes part.
 */
export class BareReader {
  readonly #domain: number;
  readonly #plan: BarrierPlan;

  constructor(domain: number, plan: BarrierPlan) {
    this.#domain = domain;
    this.#plan = plan;
  }

  /** Enters a section, which is the n-th under its period. @returns the period */
  *lock(t: Thread, n: number): Operation<number> {
    const period = yield* t.load(this.#domain + DomainOffset.period);
    yield* t.store(this.#counter(period) + CounterOffset.rseqLock, n);
    if (this.#plan.B) yield* t.fence();
    return period;
  }

  /** Leaves a section, the n-th under its period; wakes who waits. */
  *unlock(t: Thread, period: number, n: number): Operation<void> {
    if (this.#plan.C) yield* t.fence();
    yield* t.store(this.#counter(period) + CounterOffset.rseqUnlock, n);
    if (this.#plan.wake) yield* t.fence();
    const futex = this.#domain + DomainOffset.futex;
    if ((yield* t.load(futex)) === GRACE_PERIOD_WAITS) yield* t.store(futex, 0);
  }

  #counter(period: number): number {
    return this.#domain + DomainOffset.firstBlock + (period << PERIOD_SHIFT);
  }
}
