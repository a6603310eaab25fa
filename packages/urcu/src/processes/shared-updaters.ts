import { Errno } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { GRACE_PERIOD_WAITS } from '../domain/domain-layout.js';
import { GracePeriodStep } from '../domain/grace-period-step.js';
import type { Updaters } from '../domain/updaters.js';
import { checkedSleep } from './checked-sleep.js';
import type { OwnedLock } from './owned-lock.js';
import type { ProcessAnchor } from './process-anchor.js';
import type { ProcessSlots } from './process-slots.js';
import { RegionOffset } from './region-layout.js';

/** Where the updaters of a region meet. */
export interface SharedUpdatersParts {
  /** Address of the region. */
  readonly region: number;
  readonly anchor: ProcessAnchor;
  readonly slots: ProcessSlots;
  readonly lock: OwnedLock;
  /** Time between two looks at who is alive. */
  readonly checkNs: number;
  /** Where the count of looks stops; endless waits are then finitely many states. */
  readonly mostChecks: number;
}

/**
 * The updaters of a region: any process, each of which may die at any step.
 *
 * Who takes the lock over need not know how far the dead one came: a grace period begins by waiting
 * for both periods, whichever is the present one, and what readers do to a futex word that was left
 * at -1 is a wake-up of nobody. The step in the region is for reports.
 */
export class SharedUpdaters implements Updaters {
  readonly #region: number;
  readonly #anchor: ProcessAnchor;
  readonly #slots: ProcessSlots;
  readonly #lock: OwnedLock;
  readonly #checkNs: number;
  readonly #mostChecks: number;

  constructor({ region, anchor, slots, lock, checkNs, mostChecks }: SharedUpdatersParts) {
    this.#region = region;
    this.#anchor = anchor;
    this.#slots = slots;
    this.#checkNs = checkNs;
    this.#mostChecks = mostChecks;
    this.#lock = lock;
  }

  /** See {@link Updaters.lock}; from a dead process, too. */
  *lock(t: Thread): Operation<void> {
    yield* this.lockAs(t, yield* this.#anchor.pid(t));
  }

  /** The same for a process that has not joined yet. */
  *lockAs(t: Thread, pid: number): Operation<void> {
    const dead = yield* this.#lock.lock(t, pid);
    const at = this.#region;
    if (dead !== 0) {
      yield* t.store(at + RegionOffset.deadUpdater, dead);
      yield* t.store(at + RegionOffset.deadStep, yield* t.load(at + RegionOffset.step));
      yield* t.fetchAdd(at + RegionOffset.takeovers, 1);
    }
    yield* t.store(at + RegionOffset.checks, 0);
  }

  /** See {@link Updaters.unlock}. */
  *unlock(t: Thread): Operation<void> {
    yield* this.note(t, GracePeriodStep.None);
    yield* this.#lock.unlock(t);
  }

  /** See {@link Updaters.note}. */
  note(t: Thread, step: GracePeriodStep): Operation<void> {
    return t.store(this.#region + RegionOffset.step, step);
  }

  /** See {@link Updaters.sleep}; looks for the dead when nobody wakes it for a while. */
  *sleep(t: Thread): Operation<void> {
    const futex = this.#region + RegionOffset.futex;
    const slept = yield* checkedSleep(t, futex, GRACE_PERIOD_WAITS, this.#checkNs);
    if (slept !== -Errno.ETIMEDOUT) return;
    const checks = yield* t.load(this.#region + RegionOffset.checks);
    if (checks < this.#mostChecks) yield* t.store(this.#region + RegionOffset.checks, checks + 1);
    yield* this.#slots.recover(t, yield* this.#anchor.pid(t));
  }
}
