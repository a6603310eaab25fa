import { Mutex } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { CallRcu } from './call-rcu.js';
import { RCU_HEAD_BYTES } from './call-rcu-queue.js';
import type { CallbackId } from './deferred-callbacks.js';

/** A grace period that a thread asks about from time to time; a word that wraps. */
export type GracePeriodCookie = number & { readonly brand: 'GracePeriodCookie' };

/** What a poll needs of deferred work. */
export type Deferral = Pick<CallRcu, 'define' | 'call'>;

/** Offsets of the words that the lock protects. */
const Offset = { current: 0, target: 4, isActive: 8, head: 12 } as const;

/**
 * Grace periods that nobody waits for: `start` returns a cookie, `poll` tells whether a whole grace
 * period has passed since.
 *
 * | call    | from                                            | waits    |
 * |---------|-------------------------------------------------|----------|
 * | `start` | any thread, also in read sections and callbacks | a mutex  |
 * | `poll`  | any thread                                      | never    |
 *
 * Cookies number grace periods modulo 2^32: one has to be polled before 2^31 others have passed.
 *
 * @source liburcu, src/urcu-poll-impl.h
 */
export class GracePeriodPoll {
  readonly #deferred: Deferral;
  readonly #words: number;
  readonly #lock: Mutex;
  readonly #isSynchronised: boolean;
  readonly #passed: CallbackId;

  private constructor(process: Process, deferred: Deferral, isSynchronised: boolean) {
    this.#deferred = deferred;
    this.#isSynchronised = isSynchronised;
    this.#words = process.allocate(Offset.head + RCU_HEAD_BYTES);
    this.#lock = Mutex.create(process);
    this.#passed = deferred.define((t) => this.#gracePeriodPassed(t));
  }

  /**
   * Makes one whose grace periods are those of deferred work; before the workers are started.
   *
   * @param isSynchronised whether cookies are made under the lock, as they must; `false` is for tests
   */
  static create(process: Process, deferred: Deferral, isSynchronised = true): GracePeriodPoll {
    return new GracePeriodPoll(process, deferred, isSynchronised);
  }

  /** Asks for a grace period that begins from now on. */
  *start(t: Thread): Operation<GracePeriodCookie> {
    const early = this.#isSynchronised ? undefined : yield* this.#nextTarget(t);
    yield* this.#lock.lock(t);
    const target = early ?? (yield* this.#nextTarget(t));
    yield* t.store(this.#words + Offset.target, target);
    if ((yield* t.load(this.#words + Offset.isActive)) === 0) yield* this.#begin(t);
    yield* this.#lock.unlock(t);
    return target;
  }

  /** Whether the grace period of a cookie has passed; if so, that orders as `synchronize` does. */
  *poll(t: Thread, cookie: GracePeriodCookie): Operation<boolean> {
    const current = yield* t.loadAcquire(this.#words + Offset.current);
    return ((current - cookie) | 0) >= 0;
  }

  /** The number of the first grace period that begins from now on; by a thread that holds the lock. */
  *#nextTarget(t: Thread): Operation<GracePeriodCookie> {
    const current = yield* t.load(this.#words + Offset.current);
    const isActive = yield* t.load(this.#words + Offset.isActive);
    // The grace period that is under way may have begun before: the one behind it counts.
    return ((current + 1 + isActive) | 0) as GracePeriodCookie;
  }

  /** Starts a grace period; by a thread that holds the lock. */
  *#begin(t: Thread): Operation<void> {
    yield* t.store(this.#words + Offset.isActive, 1);
    yield* this.#deferred.call(t, this.#words + Offset.head, this.#passed);
  }

  *#gracePeriodPassed(t: Thread): Operation<void> {
    yield* this.#lock.lock(t);
    const current = ((yield* t.load(this.#words + Offset.current)) + 1) | 0;
    yield* t.storeRelease(this.#words + Offset.current, current);
    const target = yield* t.load(this.#words + Offset.target);
    if (((target - current) | 0) > 0) yield* this.#begin(t);
    else yield* t.store(this.#words + Offset.isActive, 0);
    yield* this.#lock.unlock(t);
  }
}
