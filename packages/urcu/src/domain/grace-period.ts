import type { Operation, Routine, Thread } from '@rseqlab/sim-machine';
import type { BarrierPlan } from './barrier-plan.js';
import { CounterOffset, DomainOffset, GRACE_PERIOD_WAITS } from './domain-layout.js';
import { GracePeriodStep } from './grace-period-step.js';
import { SECOND_SUM } from './scan-program.js';
import { updaterBarrier } from './updater-barriers.js';
import type { Updaters } from './updaters.js';

/** Where a domain lies and what its grace periods use. */
export interface GracePeriodParts {
  /** Address of the domain. */
  readonly address: number;
  /** Address of the first block of counters. */
  readonly counters: number;
  /** Blocks of counters. */
  readonly blocks: number;
  readonly barriers: BarrierPlan;
  /** See `SCAN_PROGRAM`. */
  readonly sum: Routine;
  readonly updaters: Updaters;
}

/** Whether readers were counted, for each period. */
type ActiveReaders = [boolean, boolean];

/** How a grace period waits. */
export interface GracePeriodOptions {
  /** Scans of a period that has readers before the updater sleeps, at least 1. */
  readonly attempts: number;
}

/** A grace period that is not expedited sleeps after its first scan. */
export const ATTEMPTS = 1;

/** Scans before an expedited grace period sleeps. @source liburcu, RCU_QS_ACTIVE_ATTEMPTS */
export const EXPEDITED_ATTEMPTS = 100;

/**
 * Waits until every reader that was there at the beginning has left.
 *
 * ```text
 * barrier begin
 * scan; no readers in either period: done
 * lock
 *   wait for the readers of the other period
 *   if there are readers in the present one:
 *     barrier E; flip the period; barrier D
 *     wait for the readers of what is now the other one
 * unlock
 * barrier end
 * ```
 *
 * A reader counts under the period that it loaded, which may be out of date by any time. So the
 * other period is waited for twice: what is left of it before the flip, and what came in under it.
 *
 * @source libside, src/lib/librcu/rcu.c (side_rcu_wait_grace_period)
 */
export class GracePeriod {
  readonly #parts: GracePeriodParts;
  readonly #period: number;
  readonly #futex: number;

  constructor(parts: GracePeriodParts) {
    this.#parts = parts;
    this.#period = parts.address + DomainOffset.period;
    this.#futex = parts.address + DomainOffset.futex;
  }

  /** See the class. Any number of threads may, each outside of its own read sections. */
  *wait(t: Thread, options: GracePeriodOptions): Operation<void> {
    const { barriers, updaters } = this.#parts;
    yield* updaterBarrier(t, barriers.begin);
    const active = yield* this.#scan(t);
    if (active[0] || active[1]) {
      yield* updaters.lock(t);
      yield* this.#waitByPeriods(t, active, options);
      yield* updaters.unlock(t);
    }
    yield* updaterBarrier(t, barriers.end);
  }

  *#waitByPeriods(t: Thread, active: ActiveReaders, options: GracePeriodOptions): Operation<void> {
    const { barriers, updaters } = this.#parts;
    const period = yield* t.load(this.#period);
    const other = period ^ 1;
    yield* updaters.note(t, GracePeriodStep.WaitForOther);
    yield* this.#waitForReaders(t, other, active, options);
    if (!active[period]) return;
    yield* updaters.note(t, GracePeriodStep.Flip);
    yield* updaterBarrier(t, barriers.E);
    yield* t.store(this.#period, other);
    yield* updaterBarrier(t, barriers.D);
    yield* updaters.note(t, GracePeriodStep.WaitForFlipped);
    yield* this.#waitForReaders(t, period, active, options);
  }

  /** Waits until a scan finds no readers of a period; leaves in `active` what the last scan found. */
  *#waitForReaders(
    t: Thread,
    period: number,
    active: ActiveReaders,
    { attempts }: GracePeriodOptions,
  ): Operation<void> {
    const { barriers, updaters } = this.#parts;
    for (let attempt = 1; active[period]; attempt++) {
      const sleeps = attempt >= attempts;
      if (sleeps) {
        yield* t.store(this.#futex, GRACE_PERIOD_WAITS);
        yield* updaterBarrier(t, barriers.wait);
      }
      [active[0], active[1]] = yield* this.#scan(t);
      if (!sleeps) continue;
      if (active[period]) yield* updaters.sleep(t);
      else yield* t.store(this.#futex, 0);
    }
  }

  /**
   * Whether locks were counted that no unlock was counted for. Unlocks are summed up first: an unlock
   * that is counted implies, by barrier A, that its lock is, wherever the lock was made.
   */
  *#scan(t: Thread): Operation<ActiveReaders> {
    const { barriers } = this.#parts;
    const unlocks = yield* this.#sum(t, CounterOffset.unlock);
    yield* updaterBarrier(t, barriers.A);
    const locks = yield* this.#sum(t, CounterOffset.lock);
    return [locks[0] !== unlocks[0], locks[1] !== unlocks[1]];
  }

  *#sum(t: Thread, counter: number): Operation<readonly [number, number]> {
    const { counters, blocks, sum } = this.#parts;
    if (!t.exec(sum, counters + counter, blocks)) yield;
    return [t.result, t.register(SECOND_SUM)];
  }
}
