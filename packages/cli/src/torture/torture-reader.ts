import { nanosleep, schedYield } from '@rseqlab/sim-machine';
import type { Operation, SeededDraw, Thread } from '@rseqlab/sim-machine';
import type { GracePeriodPoll, RcuFlavour, RcuToken } from '@rseqlab/urcu';
import type { ProtectedPointer } from './protected-pointer.js';
import type { TortureTally } from './torture-tally.js';

/** An RCU and what it protects. */
export interface TorturedDomain {
  readonly rcu: RcuFlavour;
  readonly pointer: ProtectedPointer;
}

/** What a reader works with. */
export interface ReaderParts {
  /** The first is the one that threads register with. */
  readonly domains: readonly [TorturedDomain, ...TorturedDomain[]];
  /** Of the first domain; undefined where a section may not ask for a grace period. */
  readonly polls: GracePeriodPoll | undefined;
  /**
   * Whether sections that overlap are one, as those of the classic flavours are. Where each has a token, it is for
   * itself, as with SRCU: what is read in the first is not protected by the second.
   *
   * @source linux, tools/memory-model/Documentation/explanation.txt (SRCU)
   */
  readonly fuses: boolean;
  /** See `TortureFlavour.registersItself`. */
  readonly registersItself: boolean;
  readonly tally: TortureTally;
  readonly draw: SeededDraw;
  between?(t: Thread, section: number): Operation<void>;
  /** Called when signal handlers of the thread may read, and may not any more. */
  registered(t: Thread, isRegistered: boolean): void;
}

/** What happens in a section behind its dereference. */
type Middle = (t: Thread, domain: TorturedDomain) => Operation<unknown>;

/**
 * Reads in sections of many kinds: short, long, nested, overlapping, preempted, asleep, and with a grace
 * period asked for, or with one of another domain passing, inside.
 *
 * @source linux, kernel/rcu/rcutorture.c (rcu_torture_one_read, rcutorture_extend_mask)
 */
export class TortureReader {
  readonly #parts: ReaderParts;
  readonly #middles: readonly Middle[];

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.#middles = [
      (t, { pointer }) => this.#linger(t, pointer),
      (t, { rcu }) => this.#nest(t, rcu),
      (t) => schedYield(t),
      (t) => nanosleep(t, 1 + this.#parts.draw.below(500)),
      ...(parts.polls ? [(t: Thread, domain: TorturedDomain) => this.#ask(t, domain)] : []),
      ...(parts.domains.length > 1
        ? [(t: Thread, domain: TorturedDomain) => this.#waitForOther(t, domain)]
        : []),
    ];
  }

  /** So many sections. */
  *read(t: Thread, sections: number): Operation<void> {
    const { domains, draw, registersItself } = this.#parts;
    const [{ rcu: first }] = domains;
    if (!registersItself || draw.below(2) === 0) yield* first.registerThread(t);
    this.#parts.registered(t, true);
    for (let section = 0; section < sections; section++) {
      if (this.#parts.between) yield* this.#parts.between(t, section);
      const domain = domains[draw.below(domains.length)]!;
      if (draw.below(5) === 0) yield* this.#overlap(t, domain);
      else yield* this.section(t, domain, this.#middles[draw.below(this.#middles.length)]);
      yield* first.quiescentState(t);
    }
    this.#parts.registered(t, false);
    yield* first.threadOffline(t);
    yield* first.unregisterThread(t);
  }

  /** One section. */
  *section(t: Thread, domain: TorturedDomain, middle?: Middle): Operation<void> {
    const { rcu, pointer } = domain;
    const { tally } = this.#parts;
    const entered = tally.entered();
    const token = yield* rcu.readLock(t);
    const element = yield* pointer.dereference(t);
    if (middle) yield* middle(t, domain);
    const age = yield* pointer.ageOf(t, element);
    yield* rcu.readUnlock(t, token);
    tally.left(entered, age);
  }

  /** A section that begins in another, and ends behind it. */
  *#overlap(t: Thread, { rcu, pointer }: TorturedDomain): Operation<void> {
    const { tally, fuses } = this.#parts;
    const entered = tally.entered();
    const first = yield* rcu.readLock(t);
    const early = yield* pointer.dereference(t);
    const second: RcuToken = yield* rcu.readLock(t);
    const element = fuses ? early : yield* pointer.dereference(t);
    yield* rcu.readUnlock(t, first);
    yield* this.#linger(t, pointer);
    const age = yield* pointer.ageOf(t, element);
    yield* rcu.readUnlock(t, second);
    tally.left(entered, age);
    tally.deeds['overlapping sections'] += 1;
  }

  *#linger(t: Thread, pointer: ProtectedPointer): Operation<void> {
    for (let n = this.#parts.draw.below(24); n > 0; n--) yield* t.load(pointer.address);
  }

  *#nest(t: Thread, rcu: RcuFlavour): Operation<void> {
    const inner = yield* rcu.readLock(t);
    yield* rcu.readUnlock(t, inner);
    this.#parts.tally.deeds.nested += 1;
  }

  /** A grace period that is asked for in a section does not pass before its end. */
  *#ask(t: Thread, { rcu, pointer }: TorturedDomain): Operation<void> {
    const { polls, domains, tally } = this.#parts;
    if (rcu !== domains[0].rcu) return;
    const cookie = yield* polls!.start(t);
    yield* this.#linger(t, pointer);
    if (yield* polls!.poll(t, cookie))
      tally.complain('expected no grace period to pass in the section that asked for it, got one');
  }

  /** Readers of one domain do not keep grace periods of another from ending. */
  *#waitForOther(t: Thread, { rcu }: TorturedDomain): Operation<void> {
    const [first, second] = this.#parts.domains;
    // Never the other way round as well: each would wait for the other.
    if (rcu !== first.rcu) return;
    const { tally } = this.#parts;
    tally.begun();
    yield* second!.rcu.synchronize(t);
    tally.passed('synchronize');
  }
}
