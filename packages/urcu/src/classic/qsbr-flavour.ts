import { Mutex } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Routine, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../domain/rcu-token.js';
import { ForkMask } from '../fork-handlers.js';
import type { ForkHandlers } from '../fork-handlers.js';
import type { RcuFlavour } from '../rcu-flavour.js';
import { UrcuError } from '../urcu-error.js';
import { GracePeriodFutex } from './grace-period-futex.js';
import { QSBR_PROGRAM, QsbrEntry } from './qsbr-read-side.js';
import { FIRST_COUNTER, RECORD_BYTES, RECORD_OFFSET, RecordOffset } from './reader-record.js';
import { ReaderRegistry } from './reader-registry.js';

/** Counters of qsbr: the lowest bit tells that a thread is online, the others number grace periods. */
const QSBR_STEP = 2;

const DEFAULT_READERS = 64;

const TOKEN = 0 as RcuToken;

/**
 * Quiescent-state-based reclamation: readers do nothing at all; instead each registered thread says
 * from time to time that it is in no read section.
 *
 * | call                         | by                                               |
 * |------------------------------|--------------------------------------------------|
 * | `quiescentState`             | registered threads, outside of read sections     |
 * | `threadOffline`, `-Online`   | the same, around anything that may take long     |
 * | `readLock`                   | registered threads that are online; does nothing |
 * | `synchronize`                | any thread; one that is online counts as offline |
 *
 * @source liburcu, src/urcu-qsbr.c
 */
export class QsbrFlavour implements RcuFlavour, ForkHandlers {
  readonly name = 'qsbr';
  readonly #counter: number;
  readonly #futex: GracePeriodFutex;
  readonly #readers: ReaderRegistry;
  readonly #lock: Mutex;
  readonly #attempts: number;
  readonly #forkMask: ForkMask;
  readonly #quiescentState: Routine;
  readonly #offline: Routine;
  readonly #online: Routine;

  private constructor(machine: Machine, process: Process, readers: number, attempts: number) {
    this.#attempts = attempts;
    this.#counter = process.allocate(4);
    process.write32(this.#counter, FIRST_COUNTER);
    this.#futex = new GracePeriodFutex(process);
    this.#readers = new ReaderRegistry(process, readers);
    this.#lock = Mutex.create(process);
    this.#forkMask = new ForkMask(process);
    process.threadData.claim(RECORD_OFFSET.qsbr, RECORD_BYTES, 'qsbr');
    const code = machine.install(QSBR_PROGRAM);
    this.#quiescentState = code.routine(QsbrEntry.quiescentState);
    this.#offline = code.routine(QsbrEntry.offline);
    this.#online = code.routine(QsbrEntry.online);
  }

  /**
   * Makes the flavour for a process; once, before the threads start.
   *
   * @param readers threads that can be registered at once
   */
  static create(
    machine: Machine,
    process: Process,
    readers: number = DEFAULT_READERS,
    attempts = 1,
  ): QsbrFlavour {
    return new QsbrFlavour(machine, process, readers, attempts);
  }

  /**
   * Registers the calling thread, which is online from then on.
   *
   * @throws UrcuError `ERR_REGISTRATION` when it is registered, `ERR_CAPACITY` when too many are
   */
  *registerThread(t: Thread): Operation<void> {
    yield* this.#readers.add(t, recordOf(t));
    yield* this.threadOnline(t);
  }

  /**
   * Takes the calling thread offline and unregisters it.
   *
   * @throws UrcuError `ERR_REGISTRATION` when it is not registered
   */
  *unregisterThread(t: Thread): Operation<void> {
    yield* this.threadOffline(t);
    yield* this.#readers.remove(t, recordOf(t));
  }

  /** Does nothing, and costs nothing: a thread that is online counts as a reader all the time. */
  *readLock(_t: Thread): Operation<RcuToken> {
    return TOKEN;
  }

  /** Does nothing. */
  *readUnlock(_t: Thread, _token: RcuToken = TOKEN): Operation<void> {
    // The next quiescent state ends the section.
  }

  /**
   * Says that the calling thread is in no read section; all that it has read may be gone afterwards.
   *
   * @throws UrcuError `ERR_REGISTRATION` when it is not registered
   */
  *quiescentState(t: Thread): Operation<void> {
    yield* this.#expectRegistered(t);
    if (!t.exec(this.#quiescentState, this.#counter, this.#futex.address)) yield;
    if (t.result !== 0) yield* this.#futex.wake(t);
  }

  /**
   * From here on grace periods do not wait for the calling thread, which must not read.
   *
   * @throws UrcuError `ERR_REGISTRATION` when it is not registered
   */
  *threadOffline(t: Thread): Operation<void> {
    yield* this.#expectRegistered(t);
    if (!t.exec(this.#offline, this.#counter, this.#futex.address)) yield;
    if (t.result !== 0) yield* this.#futex.wake(t);
  }

  /**
   * From here on the calling thread may read again.
   *
   * @throws UrcuError `ERR_REGISTRATION` when it is not registered
   */
  *threadOnline(t: Thread): Operation<void> {
    yield* this.#expectRegistered(t);
    if (!t.exec(this.#online, this.#counter)) yield;
  }

  /** Whether the calling thread is registered and online. @source liburcu, rcu_read_ongoing of qsbr */
  *readOngoing(t: Thread): Operation<boolean> {
    return (yield* t.load(recordOf(t) + RecordOffset.counter)) !== 0;
  }

  /** See {@link RcuFlavour.synchronize}. A caller that is online is offline meanwhile. */
  *synchronize(t: Thread): Operation<void> {
    const isOnline = yield* this.readOngoing(t);
    if (isOnline) yield* this.threadOffline(t);
    else yield* t.fence();
    yield* this.#lock.lock(t);
    yield* this.#readers.mutex.lock(t);
    const readers = yield* this.#readers.records(t);
    if (readers.length > 0) {
      yield* t.store(this.#counter, ((yield* t.load(this.#counter)) + QSBR_STEP) | 0);
      yield* t.fence();
      yield* this.#waitFor(t, readers);
    }
    yield* this.#readers.mutex.unlock(t);
    yield* this.#lock.unlock(t);
    if (isOnline) yield* this.threadOnline(t);
    else yield* t.fence();
  }

  /** See {@link ForkHandlers.beforeFork}; sections are counted in the thread, and go along. */
  *beforeFork(t: Thread): Operation<void> {
    yield* this.#forkMask.block(t);
    yield* this.#readers.mutex.lock(t);
  }

  /** See {@link ForkHandlers.afterForkParent}. */
  *afterForkParent(t: Thread): Operation<void> {
    yield* this.#readers.mutex.unlock(t);
    yield* this.#forkMask.restore(t);
  }

  /** See {@link ForkHandlers.afterForkChild}: of the readers, only the calling thread is left. */
  *afterForkChild(t: Thread): Operation<void> {
    yield* this.#readers.keepOnly(t, recordOf(t));
    yield* this.#futex.withdraw(t);
    yield* t.store(this.#lock.address, 0);
    yield* this.#forkMask.restore(t);
  }

  /** Waits until each reader is offline or has seen the present counter. */
  *#waitFor(t: Thread, readers: readonly number[]): Operation<void> {
    const current = yield* t.load(this.#counter);
    let waitedFor = readers;
    for (let attempt = 1; ; attempt++) {
      const sleeps = attempt >= this.#attempts;
      if (sleeps) {
        yield* this.#futex.announce(t);
        yield* t.fence();
      }
      const left: number[] = [];
      for (const record of waitedFor) {
        const counter = yield* t.load(record + RecordOffset.counter);
        if (counter !== 0 && counter !== current) left.push(record);
      }
      if (left.length === 0) {
        yield* t.fence();
        if (sleeps) yield* this.#futex.withdraw(t);
        return;
      }
      waitedFor = left;
      yield* this.#readers.mutex.unlock(t);
      if (sleeps) yield* this.#futex.sleep(t);
      yield* this.#readers.mutex.lock(t);
    }
  }

  *#expectRegistered(t: Thread): Operation<void> {
    if ((yield* t.load(recordOf(t) + RecordOffset.registration)) === 0)
      throw new UrcuError(
        'ERR_REGISTRATION',
        `expected thread ${t.id} ${t.name} to be registered as a reader of qsbr, got one that is not`,
      );
  }
}

function recordOf(t: Thread): number {
  return t.threadPointer + RECORD_OFFSET.qsbr;
}
