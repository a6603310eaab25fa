import { Mutex } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { CallRcu } from './call-rcu.js';
import { RCU_HEAD_BYTES } from './call-rcu-queue.js';
import type { CallbackId } from './deferred-callbacks.js';

/** A grace period that a thread asks about from time to time; a word that wraps. */
export type GracePeriodCookie = number & { readonly brand: 'GracePeriodCookie' };

/** What a poll needs of deferred work. */
export type Deferral = Pick<CallRcu, 'define' | 'call'>;

/** What of the algorithm tests replace. */
export interface PollVariant {
  /** Whether cookies are made under the lock, as they must. */
  readonly isSynchronised?: boolean;
  /** Bits that grace periods are numbered with, 2 to 32; default 32. */
  readonly bits?: number;
}

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
  /** Address of the number of grace periods that have passed, first of its words. */
  readonly address: number;
  readonly #deferred: Deferral;
  readonly #lock: Mutex;
  readonly #isSynchronised: boolean;
  /** How far a number is shifted so that its sign is that of a word. */
  readonly #shift: number;
  readonly #passed: CallbackId;

  private constructor(
    process: Process,
    deferred: Deferral,
    { isSynchronised = true, bits = 32 }: PollVariant,
  ) {
    this.#deferred = deferred;
    this.#isSynchronised = isSynchronised;
    this.#shift = 32 - bits;
    this.address = process.allocate(Offset.head + RCU_HEAD_BYTES);
    this.#lock = Mutex.create(process);
    this.#passed = deferred.define((t) => this.#gracePeriodPassed(t));
  }

  /**
   * Makes one whose grace periods are those of deferred work; before the workers are started.
   *
   * @param variant for tests
   */
  static create(process: Process, deferred: Deferral, variant: PollVariant = {}): GracePeriodPoll {
    return new GracePeriodPoll(process, deferred, variant);
  }

  /** Asks for a grace period that begins from now on. */
  *start(t: Thread): Operation<GracePeriodCookie> {
    const early = this.#isSynchronised ? undefined : yield* this.#nextTarget(t);
    yield* this.#lock.lock(t);
    const target = early ?? (yield* this.#nextTarget(t));
    yield* t.store(this.address + Offset.target, target);
    if ((yield* t.load(this.address + Offset.isActive)) === 0) yield* this.#begin(t);
    yield* this.#lock.unlock(t);
    return target;
  }

  /** Whether the grace period of a cookie has passed; if so, that orders as `synchronize` does. */
  *poll(t: Thread, cookie: GracePeriodCookie): Operation<boolean> {
    const current = yield* t.loadAcquire(this.address + Offset.current);
    return this.#wrapped(current - cookie) >= 0;
  }

  /** The number of the first grace period that begins from now on; by a thread that holds the lock. */
  *#nextTarget(t: Thread): Operation<GracePeriodCookie> {
    const current = yield* t.load(this.address + Offset.current);
    const isActive = yield* t.load(this.address + Offset.isActive);
    // The grace period that is under way may have begun before: the one behind it counts.
    return this.#wrapped(current + 1 + isActive) as GracePeriodCookie;
  }

  /** A number of a grace period, or the distance of two, as a word of their bits with its sign. */
  #wrapped(number: number): number {
    return (number << this.#shift) >> this.#shift;
  }

  /** Starts a grace period; by a thread that holds the lock. */
  *#begin(t: Thread): Operation<void> {
    yield* t.store(this.address + Offset.isActive, 1);
    yield* this.#deferred.call(t, this.address + Offset.head, this.#passed);
  }

  *#gracePeriodPassed(t: Thread): Operation<void> {
    yield* this.#lock.lock(t);
    const current = this.#wrapped((yield* t.load(this.address + Offset.current)) + 1);
    yield* t.storeRelease(this.address + Offset.current, current);
    const target = yield* t.load(this.address + Offset.target);
    if (this.#wrapped(target - current) > 0) yield* this.#begin(t);
    else yield* t.store(this.address + Offset.isActive, 0);
    yield* this.#lock.unlock(t);
  }
}
