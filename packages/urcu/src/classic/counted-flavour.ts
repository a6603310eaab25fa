import { Mutex } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Routine, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../domain/rcu-token.js';
import type { UpdaterBarrier } from '../domain/barrier-plan.js';
import { updaterBarrier } from '../domain/updater-barriers.js';
import { ForkMask } from '../fork-handlers.js';
import type { ForkHandlers } from '../fork-handlers.js';
import type { RcuFlavour } from '../rcu-flavour.js';
import { withoutSignals } from '../signals-off.js';
import { UrcuError } from '../urcu-error.js';
import { CountedEntry, CountedResult, countedReadSide } from './counted-read-side.js';
import { GracePeriodFutex } from './grace-period-futex.js';
import {
  CounterBits,
  FIRST_COUNTER,
  RECORD_BYTES,
  RECORD_OFFSET,
  RecordOffset,
} from './reader-record.js';
import { ReaderRegistry } from './reader-registry.js';

/** The classic flavours that count nesting in the thread. */
export type CountedName = 'memb' | 'mb' | 'bp';

/** What a flavour is made with. */
export interface CountedOptions {
  /** Threads that can be registered at once; default 64. */
  readonly readers?: number;
  /** Whether membarrier stands in for the readers' fences; default for memb and bp. */
  readonly membarrier?: boolean;
  /**
   * Looks at the readers before a grace period sleeps, at least 1; default 1. liburcu takes 100.
   *
   * @source liburcu, src/urcu.c (RCU_QS_ACTIVE_ATTEMPTS)
   */
  readonly attempts?: number;
}

const DEFAULT_READERS = 64;

/** The only token of these flavours: which section is meant, the thread's nesting tells. */
const TOKEN = 0 as RcuToken;

/**
 * The flavours of liburcu that count nesting in the thread.
 *
 * | flavour | readers have       | threads register            |
 * |---------|--------------------|-----------------------------|
 * | memb    | no fences          | before their first section  |
 * | mb      | fences             | before their first section  |
 * | bp      | no fences          | by themselves, in the first |
 *
 * A grace period flips the phase and waits twice: once for readers of the present phase, once for
 * those of the other, since a reader may have taken a phase long before it stored it.
 *
 * Readers of bp may be signal handlers, of threads that are not registered: so bp keeps signals off
 * while it holds the lock that registrations take.
 *
 * @source liburcu, src/urcu.c, src/urcu-bp.c
 */
export class CountedFlavour implements RcuFlavour, ForkHandlers {
  readonly name: CountedName;
  readonly #counter: number;
  readonly #futex: GracePeriodFutex;
  readonly #readers: ReaderRegistry;
  readonly #lock: Mutex;
  readonly #forkMask: ForkMask;
  readonly #barrier: UpdaterBarrier;
  readonly #attempts: number;
  readonly #readLock: Routine;
  readonly #readUnlock: Routine;

  /** Made by {@link create}. @internal */
  private constructor(
    machine: Machine,
    process: Process,
    name: CountedName,
    { readers = DEFAULT_READERS, membarrier = name !== 'mb', attempts = 1 }: CountedOptions,
  ) {
    this.name = name;
    this.#counter = process.allocate(4);
    process.write32(this.#counter, FIRST_COUNTER);
    this.#futex = new GracePeriodFutex(process);
    this.#readers = new ReaderRegistry(process, readers);
    this.#lock = Mutex.create(process);
    this.#forkMask = new ForkMask(process);
    this.#barrier = membarrier ? 'private' : 'fence';
    this.#attempts = attempts;
    process.threadData.claim(RECORD_OFFSET[name], RECORD_BYTES, name);
    const code = machine.install(countedReadSide(RECORD_OFFSET[name], !membarrier));
    this.#readLock = code.routine(CountedEntry.lock);
    this.#readUnlock = code.routine(CountedEntry.unlock);
  }

  /** Makes the flavour for a process; once a flavour, before the threads start. */
  static create(
    machine: Machine,
    process: Process,
    name: CountedName,
    options: CountedOptions = {},
  ): CountedFlavour {
    return new CountedFlavour(machine, process, name, options);
  }

  /**
   * See {@link RcuFlavour.registerThread}; bp does it by itself.
   *
   * @throws UrcuError `ERR_REGISTRATION` when the thread is registered, `ERR_CAPACITY` when too many are
   */
  registerThread(t: Thread): Operation<void> {
    return this.#guarded(t, this.#readers.add(t, this.#recordOf(t)));
  }

  /**
   * See {@link RcuFlavour.unregisterThread}.
   *
   * @throws UrcuError `ERR_REGISTRATION` when the thread is not registered, `ERR_READER` when it is in a
   *   read section
   */
  *unregisterThread(t: Thread): Operation<void> {
    const record = this.#recordOf(t);
    yield* this.#expectOutside(t, 'unregister');
    if ((yield* t.load(record + RecordOffset.registration)) === 0) this.#unregistered(t);
    yield* this.#guarded(t, this.#readers.remove(t, record));
  }

  /**
   * See {@link RcuFlavour.readLock}.
   *
   * @throws UrcuError `ERR_REGISTRATION` when the thread is not registered (memb, mb)
   */
  *readLock(t: Thread): Operation<RcuToken> {
    if (!t.exec(this.#readLock, this.#counter)) yield;
    if (t.result !== CountedResult.Unregistered) return TOKEN;
    if (this.name !== 'bp') this.#unregistered(t);
    yield* this.#guarded(t, this.#registerBySelf(t));
    return yield* this.readLock(t);
  }

  /**
   * See {@link RcuFlavour.readUnlock}.
   *
   * @throws UrcuError `ERR_UNBALANCED` when the thread is in no read section
   */
  *readUnlock(t: Thread, _token: RcuToken = TOKEN): Operation<void> {
    if (!t.exec(this.#readUnlock, this.#futex.address)) yield;
    const { result } = t;
    if (result === CountedResult.Wake) yield* this.#futex.wake(t);
    else if (result === CountedResult.Unbalanced)
      throw new UrcuError(
        'ERR_UNBALANCED',
        `expected thread ${t.id} ${t.name} to be in a read section of ${this.name} when it leaves one, ` +
          `got no section`,
      );
  }

  /** Nothing: only qsbr asks for it. */
  *quiescentState(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing: only qsbr asks for it. */
  *threadOffline(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing: only qsbr asks for it. */
  *threadOnline(_t: Thread): Operation<void> {
    // As said.
  }

  /** Whether the calling thread is in a read section. @source liburcu, rcu_read_ongoing */
  *readOngoing(t: Thread): Operation<boolean> {
    const counter = yield* t.load(this.#recordOf(t) + RecordOffset.counter);
    return (counter & CounterBits.nesting) !== 0;
  }

  /**
   * See {@link RcuFlavour.synchronize}.
   *
   * @throws UrcuError `ERR_READER` inside of a read section; `ERR_MEMBARRIER` without membarrier
   */
  *synchronize(t: Thread): Operation<void> {
    yield* this.#expectOutside(t, 'wait for a grace period');
    yield* this.#guarded(t, this.#waitForAll(t));
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
    yield* this.#readers.keepOnly(t, this.#recordOf(t));
    yield* this.#futex.withdraw(t);
    yield* t.store(this.#lock.address, 0);
    yield* this.#forkMask.restore(t);
  }

  *#waitForAll(t: Thread): Operation<void> {
    yield* this.#lock.lock(t);
    yield* this.#readers.mutex.lock(t);
    const readers = yield* this.#readers.records(t);
    yield* updaterBarrier(t, this.#barrier);
    if (readers.length > 0) {
      const current = yield* this.#waitFor(t, readers, true);
      yield* t.fence();
      yield* t.store(this.#counter, (yield* t.load(this.#counter)) ^ CounterBits.phase);
      yield* t.fence();
      yield* this.#waitFor(t, current, false);
      yield* updaterBarrier(t, this.#barrier);
    }
    yield* this.#readers.mutex.unlock(t);
    yield* this.#lock.unlock(t);
  }

  /** Registers the calling thread of bp, unless a signal handler has done so since it was looked at. */
  *#registerBySelf(t: Thread): Operation<void> {
    const record = this.#recordOf(t);
    if ((yield* t.load(record + RecordOffset.registration)) === 0)
      yield* this.#readers.add(t, record);
  }

  /** Keeps signals off while a lock is held that handlers may want to register (bp). */
  #guarded(t: Thread, body: Operation<void>): Operation<void> {
    return this.name === 'bp' ? withoutSignals(t, body) : body;
  }

  /**
   * Waits until none of the readers is in a section of the other phase.
   *
   * @param separate whether those of the present phase need not be waited for
   * @returns the readers that were seen in sections of the present phase
   */
  *#waitFor(t: Thread, readers: readonly number[], separate: boolean): Operation<number[]> {
    const current: number[] = [];
    let waitedFor = readers;
    for (let attempt = 1; ; attempt++) {
      const sleeps = attempt >= this.#attempts;
      if (sleeps) {
        yield* this.#futex.announce(t);
        yield* updaterBarrier(t, this.#barrier);
      }
      const phase = (yield* t.load(this.#counter)) & CounterBits.phase;
      const left: number[] = [];
      for (const record of waitedFor) {
        const counter = yield* t.load(record + RecordOffset.counter);
        if ((counter & CounterBits.nesting) === 0) continue;
        if ((counter & CounterBits.phase) !== phase) left.push(record);
        else if (separate) current.push(record);
      }
      if (left.length === 0) {
        if (!sleeps) return current;
        break;
      }
      waitedFor = left;
      yield* this.#readers.mutex.unlock(t);
      if (sleeps) yield* this.#futex.sleep(t);
      yield* this.#readers.mutex.lock(t);
    }
    yield* updaterBarrier(t, this.#barrier);
    yield* this.#futex.withdraw(t);
    return current;
  }

  *#expectOutside(t: Thread, what: string): Operation<void> {
    if (yield* this.readOngoing(t))
      throw new UrcuError(
        'ERR_READER',
        `expected thread ${t.id} ${t.name} to ${what} outside of read sections of ${this.name}, ` +
          `got one that it has not left`,
      );
  }

  #unregistered(t: Thread): never {
    throw new UrcuError(
      'ERR_REGISTRATION',
      `expected thread ${t.id} ${t.name} to be registered as a reader of ${this.name}, got one that is not`,
    );
  }

  #recordOf(t: Thread): number {
    return t.threadPointer + RECORD_OFFSET[this.name];
  }
}
