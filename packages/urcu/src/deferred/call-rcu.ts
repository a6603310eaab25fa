import { Mutex, pthreadCreate } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { currentCpu } from '@rseqlab/rseq-runtime';
import type { RcuFlavour } from '../rcu-flavour.js';
import { UrcuError } from '../urcu-error.js';
import { CallRcuQueue, HeadOffset, PLACE_SHIFT, RCU_HEAD_BYTES } from './call-rcu-queue.js';
import { CallRcuWorker } from './call-rcu-worker.js';
import { Completion } from './completion.js';
import { DeferredCallbacks } from './deferred-callbacks.js';
import type { CallbackId, DeferredCallback } from './deferred-callbacks.js';
import { WorkerRest } from './worker-rest.js';

/** Which workers run what is deferred: one for all threads, or one for each CPU. */
export type WorkerPlan = 'one' | 'per CPU';

/** A worker that threads can choose in place of the one they would get. */
export type WorkerId = number & { readonly brand: 'WorkerId' };

/** Where a thread's block says which worker it has chosen: the address of its queue, or 0. */
const CHOSEN_OFFSET = 160;

/**
 * Deferred work: functions that worker threads call once a grace period has passed.
 *
 * | call                         | from                                            | waits                   |
 * |------------------------------|-------------------------------------------------|-------------------------|
 * | `call`                       | any thread, also in read sections and callbacks | never                   |
 * | `barrier`                    | any thread outside of sections and callbacks    | for all callbacks       |
 * | `startWorker`, `useWorker`   | any thread                                      | for `freeWorker`; never |
 * | `freeWorker`                 | one thread outside of sections, when no thread uses the worker | for the worker |
 * | `stop`                       | one thread, when nobody defers any more         | never                   |
 * | `beforeFork`, `afterFork...` | the thread that forks, outside of read sections | for callbacks under way |
 *
 * Each head is called once, not before a grace period that began after `call` did, and heads of one
 * worker in the order in which they came to it.
 *
 * The worker of a `call` is the one that the thread has chosen, else the one of its CPU, or of all.
 *
 * @example
 * ```ts
 * const deferred = CallRcu.create(machine, process, domain);
 * const free = deferred.define(function* free(t, head) {
 *   yield* t.store(head + VALUE, POISON);
 * });
 * deferred.spawnWorkers();
 * process.spawn(function* updater(t) {
 *   const old = yield* rcuXchgPointer(t, pointer, fresh); // which begins with a head
 *   yield* deferred.call(t, old, free);
 *   yield* deferred.barrier(t);
 *   yield* deferred.stop(t);
 * });
 * ```
 * @source liburcu, src/urcu-call-rcu-impl.h
 */
export class CallRcu {
  readonly #process: Process;
  readonly #callbacks = new DeferredCallbacks();
  /** Those of the plan. */
  readonly #planned: readonly CallRcuQueue[];
  /** Those that threads can choose, by {@link WorkerId}. */
  readonly #chosen: CallRcuQueue[] = [];
  readonly #worker: CallRcuWorker;
  /** Held while workers come and go, and while heads of a barrier are handed to all of them. */
  readonly #registry: Mutex;
  /** One barrier at a time: it has one head for each queue. */
  readonly #barrier: Mutex;
  readonly #completion: Completion;
  readonly #completed: CallbackId;
  readonly #barrierHeads: number[] = [];
  readonly #rest: WorkerRest;

  private constructor(process: Process, flavour: RcuFlavour, workers: number) {
    this.#process = process;
    process.threadData.claim(CHOSEN_OFFSET, 4, 'call_rcu');
    this.#registry = Mutex.create(process);
    this.#barrier = Mutex.create(process);
    const resting = Completion.create(process);
    this.#rest = new WorkerRest(this.#registry, resting);
    this.#completion = Completion.create(process);
    this.#completed = this.define((t) => this.#completion.complete(t));
    this.#planned = Array.from({ length: workers }, () => this.#newQueue());
    this.#worker = new CallRcuWorker({
      flavour,
      callbacks: this.#callbacks,
      registry: this.#registry,
      resting,
    });
  }

  /** Makes the queues of a process; {@link spawnWorkers} starts who works on them. */
  static create(
    machine: Machine,
    process: Process,
    flavour: RcuFlavour,
    plan: WorkerPlan = 'one',
  ): CallRcu {
    const workers = plan === 'one' ? 1 : machine.cpus.possible.at(-1)! + 1;
    return new CallRcu(process, flavour, workers);
  }

  /** Gives a function a number under which it can be deferred; before the threads start. */
  define(callback: DeferredCallback): CallbackId {
    return this.#callbacks.define(callback);
  }

  /** Makes room for a worker that threads can choose; before the threads start. */
  defineWorker(): WorkerId {
    return (this.#chosen.push(this.#newQueue()) - 1) as WorkerId;
  }

  /** Starts a worker thread for every queue of the plan. */
  spawnWorkers(): void {
    for (const queue of this.#planned) {
      queue.begin(this.#process);
      this.#process.spawn((t) => this.#worker.work(t, queue), { name: 'call_rcu' });
    }
  }

  /** {@link spawnWorkers}, by a thread. @returns 0, or a negative errno when there can be no thread */
  *startWorkers(t: Thread): Operation<number> {
    let result = 0;
    for (const queue of this.#planned) if (result >= 0) result = yield* this.#start(t, queue);
    return result;
  }

  /**
   * Starts a worker that threads can choose.
   *
   * @returns 0, or a negative errno when there can be no thread
   * @throws UrcuError `ERR_WORKER` for one that was not defined, or works already
   * @source liburcu, create_call_rcu_data
   */
  *startWorker(t: Thread, worker: WorkerId): Operation<number> {
    const queue = this.#chosenQueue(worker);
    if (yield* queue.isLive(t))
      throw new UrcuError('ERR_WORKER', `expected a worker that does not work, got ${worker}`);
    return yield* this.#start(t, queue);
  }

  /**
   * Has a worker do what the calling thread defers from now on; the only one that it has chosen anywhere.
   *
   * @param worker undefined for the one that it would have otherwise
   * @throws UrcuError `ERR_WORKER` for one that was not defined, or was not started
   * @source liburcu, set_thread_call_rcu_data
   */
  *useWorker(t: Thread, worker: WorkerId | undefined): Operation<void> {
    const queue = worker === undefined ? undefined : this.#chosenQueue(worker);
    if (queue !== undefined && !(yield* queue.isLive(t)))
      throw new UrcuError('ERR_WORKER', `expected a worker that was started, got ${worker}`);
    yield* t.store(t.threadPointer + CHOSEN_OFFSET, queue?.address ?? 0);
  }

  /**
   * Ends a worker, once it has done what it was given. No thread may have it chosen any more.
   *
   * @throws UrcuError `ERR_WORKER` for one that was not defined
   * @source liburcu, call_rcu_data_free
   */
  *freeWorker(t: Thread, worker: WorkerId): Operation<void> {
    yield* this.#chosenQueue(worker).stop(t);
  }

  /**
   * Has `callback` called with `head` after a grace period.
   *
   * @param head address of {@link RCU_HEAD_BYTES} bytes, zero at first; the library's until the call
   * @throws UrcuError `ERR_DOUBLE_CALL` when the head waits already
   */
  *call(t: Thread, head: number, callback: CallbackId): Operation<void> {
    if ((yield* this.callFrom(t, head, callback, 0)) !== undefined)
      throw new UrcuError(
        'ERR_DOUBLE_CALL',
        `expected a head that does not wait for its call, got one twice, from thread ${t.id} ${t.name}`,
      );
  }

  /**
   * {@link call} from a numbered place of the program, which the head keeps until the call.
   *
   * @returns nothing; or, with nothing done, the place that the head waits from already
   * @internal
   */
  *callFrom(
    t: Thread,
    head: number,
    callback: CallbackId,
    place: number,
  ): Operation<number | undefined> {
    const word = callback | (place << PLACE_SHIFT);
    const before = yield* t.compareExchange(head + HeadOffset.callback, 0, word);
    if (before !== 0) return before >>> PLACE_SHIFT;
    const queue = yield* this.#queueOf(t);
    yield* queue.add(t, head);
    return undefined;
  }

  /**
   * Waits until everything that was deferred before has been called, by workers that have ended since
   * as well. @source liburcu, rcu_barrier
   */
  *barrier(t: Thread): Operation<void> {
    yield* this.#barrier.lock(t);
    // In a forked child, the heads of a barrier of the parent may be in the queues still.
    yield* this.#completion.wait(t);
    yield* this.#registry.lock(t);
    const live: number[] = [];
    for (const [n, queue] of this.#queues().entries()) if (yield* queue.isLive(t)) live.push(n);
    yield* this.#completion.expect(t, live.length);
    for (const n of live) {
      const head = this.#barrierHeads[n]!;
      yield* t.store(head + HeadOffset.callback, this.#completed);
      yield* this.#queues()[n]!.add(t, head);
    }
    yield* this.#registry.unlock(t);
    yield* this.#completion.wait(t);
    yield* this.#barrier.unlock(t);
  }

  /** Lets all workers end once they have called everything. */
  *stop(t: Thread): Operation<void> {
    for (const queue of this.#queues()) yield* queue.stop(t);
  }

  /**
   * Before fork: has all workers rest, with no callback half done. No other thread may be in `call`.
   *
   * @source liburcu, call_rcu_before_fork
   */
  beforeFork(t: Thread): Operation<void> {
    return this.#rest.begin(t, this.#queues());
  }

  /** Behind fork, in the parent: lets them go on. @source liburcu, call_rcu_after_fork_parent */
  afterForkParent(t: Thread): Operation<void> {
    return this.#rest.end(t, this.#queues());
  }

  /**
   * Behind fork, in the child, once its flavour is ready: there are no workers, so that one is started
   * for each queue of the plan. The first of them takes over what chosen workers had to do; what was
   * deferred is called in the parent and in the child.
   *
   * @returns 0, or a negative errno when there can be no thread
   * @source liburcu, call_rcu_after_fork_child
   */
  *afterForkChild(t: Thread): Operation<number> {
    for (const queue of this.#chosen) {
      yield* queue.end(t);
      yield* this.#planned[0]!.fresh.splice(t, queue.fresh);
    }
    yield* this.#completion.orphan(t);
    yield* t.store(t.threadPointer + CHOSEN_OFFSET, 0);
    yield* t.store(this.#barrier.address, 0);
    yield* t.store(this.#registry.address, 0);
    return yield* this.startWorkers(t);
  }

  /** All queues, in the order of the barrier's heads. */
  #queues(): readonly CallRcuQueue[] {
    return [...this.#planned, ...this.#chosen];
  }

  #newQueue(): CallRcuQueue {
    this.#barrierHeads.push(this.#process.allocate(RCU_HEAD_BYTES));
    return new CallRcuQueue(this.#process);
  }

  *#start(t: Thread, queue: CallRcuQueue): Operation<number> {
    const worker = this.#worker;
    yield* this.#registry.lock(t);
    yield* queue.revive(t);
    const thread = yield* pthreadCreate(t, function* call_rcu(w) {
      yield* worker.work(w, queue);
    });
    if (typeof thread === 'number') yield* queue.end(t);
    yield* this.#registry.unlock(t);
    return typeof thread === 'number' ? thread : 0;
  }

  *#queueOf(t: Thread): Operation<CallRcuQueue> {
    if (this.#chosen.length > 0) {
      const address = yield* t.load(t.threadPointer + CHOSEN_OFFSET);
      const chosen = this.#chosen.find((queue) => queue.address === address);
      if (chosen !== undefined && (yield* chosen.isLive(t))) return chosen;
    }
    const planned = this.#planned;
    return planned[planned.length === 1 ? 0 : yield* currentCpu(t)]!;
  }

  #chosenQueue(worker: WorkerId): CallRcuQueue {
    const queue = this.#chosen[worker];
    if (queue === undefined)
      throw new UrcuError(
        'ERR_WORKER',
        `expected a worker that was defined (below ${this.#chosen.length}), got ${String(worker)}`,
      );
    return queue;
  }
}
