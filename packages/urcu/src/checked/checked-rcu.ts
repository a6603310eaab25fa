import type { Machine, Mutex, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { putSection, takeSection } from '../domain/handed-section.js';
import { PerCpuFlavour } from '../domain/per-cpu-flavour.js';
import { cpuOf } from '../domain/rcu-token.js';
import type { RcuToken } from '../domain/rcu-token.js';
import type { RcuFlavour } from '../rcu-flavour.js';
import type { AddressOf, RcuPointer } from '../rcu-pointer.js';
import { rcuDereference } from '../rcu-pointer.js';
import { UrcuError } from '../urcu-error.js';
import type { CallRcu } from '../deferred/call-rcu.js';
import type { CallbackId } from '../deferred/deferred-callbacks.js';
import { CheckedMutex } from './checked-mutex.js';
import { PlaceTable } from './place-table.js';
import { SectionTable } from './section-table.js';

/** A read section that is entered and not left. */
export interface OpenSection {
  /** Thread that has it. */
  readonly thread: number;
  /** CPU and period that it is counted in, of a flavour that counts by CPU. */
  readonly cpu: number;
  readonly period: number;
  /** Where the program entered it. */
  readonly place: string;
  /** Grace periods that have begun since. */
  readonly age: number;
}

/** A thread that waits for a grace period. */
export interface WaitingUpdater {
  /** Thread that waits. */
  readonly thread: number;
  /** Where the program has it wait. */
  readonly place: string;
}

/** How deep sections of one thread may be nested in checked code. */
const DEFAULT_NESTING = 8;

/**
 * A flavour that checks how it is used, as lockdep does for RCU in the kernel: for any other flavour.
 *
 * | mistake                                               | `UrcuError`      |
 * |-------------------------------------------------------|------------------|
 * | waiting for a grace period inside of a section        | `ERR_READER`     |
 * | a section that is open when its thread unregisters    | `ERR_READER`     |
 * | leaving a section that is another's, or left already  | `ERR_TOKEN`      |
 * | dereferencing outside of a section                    | `ERR_NO_READER`  |
 * | entering a section while offline (qsbr)               | `ERR_OFFLINE`    |
 * | nesting deeper than expected: sections that leak      | `ERR_NESTING`    |
 * | a mutex that readers take, held while waiting         | `ERR_DEADLOCK`   |
 * | deferring a head that waits already                   | `ERR_DOUBLE_CALL`|
 *
 * Messages name both places: where the section was entered, and where the mistake is. What is
 * remembered lies in simulated memory, each thread's on its own, so that searches tell states apart.
 *
 * @source linux, Documentation/RCU/lockdep.rst
 */
export class CheckedRcu implements RcuFlavour {
  readonly name: string;
  readonly #flavour: RcuFlavour;
  readonly #sections: SectionTable;
  readonly #places = new PlaceTable();
  readonly #process: Process;
  readonly #guarded: CheckedMutex[] = [];

  private constructor(machine: Machine, process: Process, flavour: RcuFlavour, nesting: number) {
    this.name = `checked ${flavour.name}`;
    this.#flavour = flavour;
    this.#process = process;
    this.#sections = new SectionTable(process, machine.threads.capacity, nesting);
  }

  /**
   * Makes a checked flavour of another, in place of which it is to be used.
   *
   * @param nesting sections that a thread may be in at once
   */
  static create(
    machine: Machine,
    process: Process,
    flavour: RcuFlavour,
    nesting: number = DEFAULT_NESTING,
  ): CheckedRcu {
    return new CheckedRcu(machine, process, flavour, nesting);
  }

  /** See {@link RcuFlavour.registerThread}. */
  registerThread(t: Thread): Operation<void> {
    return this.#flavour.registerThread(t);
  }

  /** See {@link RcuFlavour.unregisterThread}. @throws UrcuError `ERR_READER` for an open section */
  *unregisterThread(t: Thread): Operation<void> {
    yield* this.#expectOutside(t, 'exit');
    yield* this.#flavour.unregisterThread(t);
  }

  /**
   * See {@link RcuFlavour.readLock}.
   *
   * @throws UrcuError `ERR_OFFLINE` while the thread is offline, `ERR_NESTING` for one section too many
   */
  *readLock(t: Thread): Operation<RcuToken> {
    const place = this.#places.here();
    const offline = yield* this.#sections.offlineSince(t);
    if (offline !== 0)
      throw new UrcuError(
        'ERR_OFFLINE',
        `expected thread ${t.id} ${t.name} to read while it is online, got a section at ` +
          `${this.#places.text(place)} while it is offline since ${this.#places.text(offline)}`,
      );
    const token = yield* this.#lockFrom(t, place);
    if (!(yield* this.#sections.open(t, token, place)))
      throw new UrcuError(
        'ERR_NESTING',
        `expected at most ${this.#sections.nesting} open sections of thread ${t.id} ${t.name}, got ` +
          `one more at ${this.#places.text(place)}, behind one that was entered at ` +
          this.#places.text(yield* this.#sections.latest(t)),
      );
    return token;
  }

  /**
   * See {@link RcuFlavour.readUnlock}.
   *
   * @throws UrcuError `ERR_TOKEN` when the thread has no such section: it was left already, or is
   *   another thread's
   */
  *readUnlock(t: Thread, token: RcuToken): Operation<void> {
    yield* this.#close(t, token, 'leave');
    yield* this.#flavour.readUnlock(t, token);
  }

  /** Hands a section to whoever takes it over from a word, which holds 0. @throws as `readUnlock` */
  *handOver(t: Thread, token: RcuToken, word: number): Operation<void> {
    yield* this.#close(t, token, 'hand over');
    const flavour = this.#flavour;
    yield* flavour instanceof PerCpuFlavour
      ? flavour.handOver(t, token, word)
      : putSection(t, token, word);
  }

  /**
   * Takes a section that was handed over, which is the calling thread's from then on.
   *
   * @throws UrcuError `ERR_TOKEN` when there is none in the word, or none any more
   */
  *takeOver(t: Thread, word: number): Operation<RcuToken> {
    const place = this.#places.here();
    const flavour = this.#flavour;
    const token = yield* flavour instanceof PerCpuFlavour
      ? flavour.takeOver(t, word)
      : takeSection(t, word);
    yield* this.#sections.open(t, token, place);
    return token;
  }

  /** Reads a pointer. @throws UrcuError `ERR_NO_READER` outside of read sections */
  *dereference<Target>(t: Thread, pointer: RcuPointer<Target>): Operation<AddressOf<Target>> {
    if ((yield* this.#sections.latest(t)) === 0) {
      const place = this.#places.here();
      throw new UrcuError(
        'ERR_NO_READER',
        `expected thread ${t.id} ${t.name} to dereference in a read section, got none at ` +
          `${this.#places.text(place)}, ${yield* this.#lastLeft(t)}`,
      );
    }
    return yield* rcuDereference(t, 0 as RcuToken, pointer);
  }

  /** See {@link RcuFlavour.quiescentState}. @throws UrcuError `ERR_READER` inside of a section */
  *quiescentState(t: Thread): Operation<void> {
    yield* this.#expectOutside(t, 'report a quiescent state');
    yield* this.#flavour.quiescentState(t);
  }

  /** See {@link RcuFlavour.threadOffline}. @throws UrcuError `ERR_READER` inside of a section */
  *threadOffline(t: Thread): Operation<void> {
    yield* this.#expectOutside(t, 'go offline');
    yield* this.#sections.setOffline(t, this.#places.here());
    yield* this.#flavour.threadOffline(t);
  }

  /** See {@link RcuFlavour.threadOnline}. */
  *threadOnline(t: Thread): Operation<void> {
    yield* this.#flavour.threadOnline(t);
    yield* this.#sections.setOffline(t, 0);
  }

  /** A mutex that readers may take: it is not to be held across a grace period. Before the threads start. */
  guard(mutex: Mutex): CheckedMutex {
    const guarded = new CheckedMutex(this.#process, mutex, this.#sections, this.#places);
    this.#guarded.push(guarded);
    return guarded;
  }

  /**
   * Defers work, and remembers where.
   *
   * @throws UrcuError `ERR_DOUBLE_CALL` when the head waits already, with both places
   */
  *call(t: Thread, deferred: CallRcu, head: number, callback: CallbackId): Operation<void> {
    const place = this.#places.here();
    const before = yield* deferred.callFrom(t, head, callback, place);
    if (before !== undefined)
      throw new UrcuError(
        'ERR_DOUBLE_CALL',
        `expected a head that does not wait for its call, got one that was deferred at ` +
          `${this.#places.text(before)}, again at ${this.#places.text(place)}`,
      );
  }

  /**
   * See {@link RcuFlavour.synchronize}.
   *
   * @throws UrcuError `ERR_READER` inside of a read section; `ERR_DEADLOCK` with a mutex that readers take
   */
  *synchronize(t: Thread): Operation<void> {
    yield* this.#expectOutside(t, 'wait for a grace period');
    for (const mutex of this.#guarded) yield* mutex.noteGracePeriod(t);
    yield* this.#sections.beginGracePeriod(t, this.#places.here());
    yield* this.#flavour.synchronize(t);
    yield* this.#sections.endGracePeriod(t);
  }

  /** Who waits for a grace period at present, and where: the other side of {@link openSections}. */
  waitingUpdaters(): WaitingUpdater[] {
    return this.#sections
      .waiting()
      .map(({ thread, place }) => ({ thread, place: this.#places.text(place) }));
  }

  /** All open sections, the oldest first: what a grace period that stalls waits for. */
  openSections(): OpenSection[] {
    return this.#sections
      .all()
      .map(({ thread, token, place, age }) => ({
        thread,
        cpu: cpuOf(token),
        period: token & 1,
        place: this.#places.text(place),
        age,
      }))
      .sort((a, b) => b.age - a.age);
  }

  /** Enters a section of the flavour; what that refuses is told with the place. */
  *#lockFrom(t: Thread, place: number): Operation<RcuToken> {
    try {
      return yield* this.#flavour.readLock(t);
    } catch (error) {
      if (!(error instanceof UrcuError)) throw error;
      const message = `${error.message}, at ${this.#places.text(place)}`;
      throw new UrcuError(error.code, message, { cause: error });
    }
  }

  /** Where the thread left its latest section, in words. */
  *#lastLeft(t: Thread): Operation<string> {
    const left = yield* this.#sections.left(t);
    return left === 0
      ? 'and it has left none before'
      : `its latest was left at ${this.#places.text(left)}`;
  }

  *#close(t: Thread, token: RcuToken, what: string): Operation<void> {
    const place = this.#places.here();
    if (yield* this.#sections.close(t, token, place)) return;
    const latest = yield* this.#sections.latest(t);
    const holder = yield* this.#sections.holder(t, token);
    const mine =
      latest === 0
        ? `which has none: ${yield* this.#lastLeft(t)}`
        : `whose latest was entered at ${this.#places.text(latest)}`;
    const theirs =
      holder === 0 ? '' : `; another thread's was entered at ${this.#places.text(holder)}`;
    throw new UrcuError(
      'ERR_TOKEN',
      `expected thread ${t.id} ${t.name} to ${what} an open section of its own, got a token that is spent ` +
        `or another's at ${this.#places.text(place)}, from a thread ${mine}${theirs}`,
    );
  }

  *#expectOutside(t: Thread, what: string): Operation<void> {
    const latest = yield* this.#sections.latest(t);
    if (latest !== 0)
      throw new UrcuError(
        'ERR_READER',
        `expected thread ${t.id} ${t.name} to ${what} outside of read sections, got one that was entered ` +
          `at ${this.#places.text(latest)} and is open at ${this.#places.text(this.#places.here())}`,
      );
  }
}
