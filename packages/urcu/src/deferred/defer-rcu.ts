import { Mutex, pthreadCreate } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuFlavour } from '../rcu-flavour.js';
import { UrcuError } from '../urcu-error.js';
import { DeferredCallbacks } from './deferred-callbacks.js';
import type { CallbackId, DeferredCallback } from './deferred-callbacks.js';
import { WorkerFutex } from './worker-futex.js';

/** What {@link DeferRcu} is made with. */
export interface DeferRcuOptions {
  /** Threads that can be registered at once; default 16. */
  readonly threads?: number;
  /** Functions that a thread can have deferred before it waits itself, a power of two; default 64. */
  readonly capacity?: number;
}

/** Where a thread's block says which ring it has: one more than its number, or 0. */
const RING_OFFSET = 164;

/** In front of the entries of a ring; an entry is the number of a function and what it is given. */
const RingOffset = { isTaken: 0, head: 4, tail: 8, entries: 12 } as const;
const ENTRY_BYTES = 8;

/**
 * Functions that are deferred with an argument, and without a head in what is freed: each thread keeps
 * them in a ring of its own.
 *
 * | call                                 | from                                     | waits                    |
 * |--------------------------------------|------------------------------------------|--------------------------|
 * | `registerThread`, `unregisterThread` | a thread, outside of sections            | for its own functions    |
 * | `defer`                              | registered threads, outside of sections  | when the ring is full    |
 * | `barrierThread`                      | registered threads, outside of sections  | for its own functions    |
 * | `barrier`                            | any thread, outside of sections          | for those of all threads |
 * | `beforeFork`, `afterFork...`         | the thread that forks, outside of sections | for functions under way; in the child for those of all threads |
 *
 * A thread's functions are called in order, by itself or by the reclaimer, which {@link spawnReclaimer}
 * starts. A thread that unregisters leaves none behind. Functions neither defer nor read under RCU: the
 * reclaimer is no registered reader. Whoever waits is no reader that is online (qsbr).
 *
 * @source liburcu, src/urcu-defer-impl.h
 */
export class DeferRcu {
  readonly #process: Process;
  readonly #flavour: RcuFlavour;
  readonly #callbacks = new DeferredCallbacks();
  readonly #threads: number;
  readonly #capacity: number;
  readonly #rings: number;
  readonly #stopped: number;
  readonly #futex: WorkerFutex;
  /** Held by whoever takes functions out of rings. */
  readonly #mutex: Mutex;
  /** Set before the threads start. */
  #hasReclaimer = false;

  private constructor(process: Process, flavour: RcuFlavour, threads: number, capacity: number) {
    this.#process = process;
    this.#flavour = flavour;
    this.#threads = threads;
    this.#capacity = capacity;
    this.#rings = process.allocate(threads * this.#ringBytes);
    this.#stopped = process.allocate(4);
    this.#futex = new WorkerFutex(process.allocate(4));
    this.#mutex = Mutex.create(process);
    process.threadData.claim(RING_OFFSET, 4, `defer_rcu at 0x${this.#rings.toString(16)}`);
  }

  /**
   * Makes the rings of a process; once a process, since a thread has one ring.
   *
   * @throws UrcuError `ERR_CAPACITY` for a capacity that is no power of two, or no threads; MachineError
   *   `ERR_CONFIG` for the second time
   */
  static create(process: Process, flavour: RcuFlavour, options: DeferRcuOptions = {}): DeferRcu {
    const { threads = 16, capacity = 64 } = options;
    if (!(Number.isInteger(threads) && threads > 0 && Number.isInteger(Math.log2(capacity))))
      throw new UrcuError(
        'ERR_CAPACITY',
        `expected threads and a capacity that is a power of two, got ${threads} and ${capacity}`,
      );
    return new DeferRcu(process, flavour, threads, capacity);
  }

  /** Gives a function a number under which it can be deferred; before the threads start. */
  define(callback: DeferredCallback): CallbackId {
    return this.#callbacks.define(callback);
  }

  /** Starts the thread that calls what others have deferred and left alone. */
  spawnReclaimer(): void {
    this.#hasReclaimer = true;
    this.#process.spawn((t) => this.#reclaim(t), { name: 'defer_rcu' });
  }

  /**
   * Gives the calling thread a ring.
   *
   * @throws UrcuError `ERR_REGISTRATION` when it has one; `ERR_CAPACITY` when there is none
   * @source liburcu, rcu_defer_register_thread
   */
  *registerThread(t: Thread): Operation<void> {
    if ((yield* t.load(t.threadPointer + RING_OFFSET)) !== 0)
      throw new UrcuError(
        'ERR_REGISTRATION',
        `expected thread ${t.id} ${t.name} to register for defer_rcu once, got another time`,
      );
    for (let n = 0; n < this.#threads; n++) {
      if ((yield* t.compareExchange(this.#ringAt(n) + RingOffset.isTaken, 0, 1)) !== 0) continue;
      yield* t.store(t.threadPointer + RING_OFFSET, n + 1);
      return;
    }
    throw new UrcuError(
      'ERR_CAPACITY',
      `expected at most ${this.#threads} threads that defer at once, got one more`,
    );
  }

  /** Calls what the thread has deferred, and takes its ring. @throws UrcuError `ERR_REGISTRATION` */
  *unregisterThread(t: Thread): Operation<void> {
    yield* this.barrierThread(t);
    const ring = yield* this.#ringOf(t);
    yield* t.store(t.threadPointer + RING_OFFSET, 0);
    yield* t.storeRelease(ring + RingOffset.isTaken, 0);
  }

  /**
   * Has `callback` called with `argument` after a grace period.
   *
   * @throws UrcuError `ERR_REGISTRATION` for a thread without a ring
   */
  *defer(t: Thread, callback: CallbackId, argument: number): Operation<void> {
    const ring = yield* this.#ringOf(t);
    const head = yield* t.load(ring + RingOffset.head);
    const tail = yield* t.loadAcquire(ring + RingOffset.tail);
    if (((head - tail) | 0) === this.#capacity) yield* this.barrierThread(t);
    const entry = this.#entry(ring, head);
    yield* t.store(entry, callback);
    yield* t.store(entry + 4, argument);
    yield* t.storeRelease(ring + RingOffset.head, (head + 1) | 0);
    yield* this.#futex.wake(t);
  }

  /** Waits until what the calling thread has deferred has been called. */
  *barrierThread(t: Thread): Operation<void> {
    const ring = yield* this.#ringOf(t);
    yield* this.#callAll(t, [ring]);
  }

  /** Waits until what all threads have deferred before has been called. */
  *barrier(t: Thread): Operation<void> {
    yield* this.#callAll(
      t,
      Array.from({ length: this.#threads }, (_, n) => this.#ringAt(n)),
    );
  }

  /** Lets the reclaimer end once it has called what is there. */
  *stop(t: Thread): Operation<void> {
    yield* t.store(this.#stopped, 1);
    yield* this.#futex.wake(t);
  }

  /** Before fork: no function is half done. Others may defer meanwhile. */
  beforeFork(t: Thread): Operation<void> {
    return this.#mutex.lock(t);
  }

  /** Behind fork, in the parent. */
  afterForkParent(t: Thread): Operation<void> {
    return this.#mutex.unlock(t);
  }

  /**
   * Behind fork, in the child, once its flavour is ready: what was deferred is called in the parent and in
   * the child, here and now. The rings of threads that are not there any more are free; a reclaimer is
   * started if there was one.
   *
   * @returns 0, or a negative errno when there can be no thread
   */
  *afterForkChild(t: Thread): Operation<number> {
    yield* t.store(this.#mutex.address, 0);
    yield* this.#futex.withdraw(t);
    yield* this.barrier(t);
    const own = (yield* t.load(t.threadPointer + RING_OFFSET)) - 1;
    for (let n = 0; n < this.#threads; n++)
      if (n !== own) yield* t.store(this.#ringAt(n) + RingOffset.isTaken, 0);
    if (!this.#hasReclaimer) return 0;
    const reclaimer = yield* pthreadCreate(t, (child) => this.#reclaim(child));
    return typeof reclaimer === 'number' ? reclaimer : 0;
  }

  *#reclaim(t: Thread): Operation<void> {
    for (;;) {
      yield* this.#futex.announce(t);
      const isStopped = (yield* t.load(this.#stopped)) !== 0;
      yield* this.barrier(t);
      if (isStopped) break;
      yield* this.#futex.sleep(t);
    }
  }

  /** One grace period for what is in the rings now, then the functions. */
  *#callAll(t: Thread, rings: readonly number[]): Operation<void> {
    yield* this.#mutex.lock(t);
    const heads: number[] = [];
    let isAny = false;
    for (const ring of rings) {
      const head = yield* t.loadAcquire(ring + RingOffset.head);
      heads.push(head);
      isAny ||= head !== (yield* t.load(ring + RingOffset.tail));
    }
    if (isAny) yield* this.#flavour.synchronize(t);
    for (const [n, ring] of rings.entries()) yield* this.#callRing(t, ring, heads[n]!);
    yield* this.#mutex.unlock(t);
  }

  *#callRing(t: Thread, ring: number, head: number): Operation<void> {
    for (let tail = yield* t.load(ring + RingOffset.tail); tail !== head; tail = (tail + 1) | 0) {
      const entry = this.#entry(ring, tail);
      const callback = this.#callbacks.at(yield* t.load(entry));
      yield* callback(t, yield* t.load(entry + 4));
      yield* t.storeRelease(ring + RingOffset.tail, (tail + 1) | 0);
    }
  }

  *#ringOf(t: Thread): Operation<number> {
    const number = yield* t.load(t.threadPointer + RING_OFFSET);
    if (number === 0)
      throw new UrcuError(
        'ERR_REGISTRATION',
        `expected thread ${t.id} ${t.name} to be registered for defer_rcu, got one that is not`,
      );
    return this.#ringAt(number - 1);
  }

  get #ringBytes(): number {
    return RingOffset.entries + this.#capacity * ENTRY_BYTES;
  }

  #ringAt(n: number): number {
    return this.#rings + n * this.#ringBytes;
  }

  #entry(ring: number, position: number): number {
    return ring + RingOffset.entries + (position & (this.#capacity - 1)) * ENTRY_BYTES;
  }
}
