import { Mutex } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { currentCpu } from '@rseqlab/rseq-runtime';
import type { RcuFlavour } from '../rcu-flavour.js';
import { UrcuError } from '../urcu-error.js';
import { CallRcuQueue, HeadOffset, RCU_HEAD_BYTES } from './call-rcu-queue.js';
import { Completion } from './completion.js';
import { DeferredCallbacks } from './deferred-callbacks.js';
import type { CallbackId, DeferredCallback } from './deferred-callbacks.js';

/** Which workers run what is deferred: one for all threads, or one for each CPU. */
export type WorkerPlan = 'one' | 'per CPU';

/**
 * Deferred work: functions that worker threads call once a grace period has passed.
 *
 * | call      | from                                            | waits             |
 * |-----------|-------------------------------------------------|-------------------|
 * | `call`    | any thread, also in read sections and callbacks | never             |
 * | `barrier` | any thread outside of sections and callbacks    | for all callbacks |
 * | `stop`    | one thread, when nobody defers any more         | never             |
 *
 * Each head is called once, not before a grace period that began after `call` did, and heads of one
 * worker in the order in which they came to it.
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
  readonly #flavour: RcuFlavour;
  readonly #callbacks = new DeferredCallbacks();
  readonly #queues: readonly CallRcuQueue[];
  /** One barrier at a time: it has one head for each queue. */
  readonly #barrier: Mutex;
  readonly #barrierHeads: number;
  readonly #completion: Completion;
  readonly #completed: CallbackId;

  private constructor(process: Process, flavour: RcuFlavour, workers: number) {
    this.#process = process;
    this.#flavour = flavour;
    this.#queues = Array.from({ length: workers }, () => new CallRcuQueue(process));
    this.#barrier = Mutex.create(process);
    this.#barrierHeads = process.allocate(workers * RCU_HEAD_BYTES);
    this.#completion = Completion.create(process);
    this.#completed = this.define((t) => this.#completion.complete(t));
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

  /** Starts a worker thread for every queue. */
  spawnWorkers(): void {
    for (const queue of this.#queues)
      this.#process.spawn((t) => this.#work(t, queue), { name: 'call_rcu' });
  }

  /**
   * Has `callback` called with `head` after a grace period.
   *
   * @param head address of {@link RCU_HEAD_BYTES} bytes, zero at first; the library's until the call
   * @throws UrcuError `ERR_DOUBLE_CALL` when the head waits already
   */
  *call(t: Thread, head: number, callback: CallbackId): Operation<void> {
    if ((yield* t.exchange(head + HeadOffset.callback, callback)) !== 0)
      throw new UrcuError(
        'ERR_DOUBLE_CALL',
        `expected a head that does not wait for its call, got one twice, from thread ${t.id} ${t.name}`,
      );
    const queues = this.#queues;
    const cpu = queues.length === 1 ? 0 : yield* currentCpu(t);
    yield* queues[cpu]!.add(t, head);
  }

  /** Waits until everything that was deferred before has been called. @source liburcu, rcu_barrier */
  *barrier(t: Thread): Operation<void> {
    yield* this.#barrier.lock(t);
    yield* this.#completion.expect(t, this.#queues.length);
    for (const [n, queue] of this.#queues.entries()) {
      const head = this.#barrierHeads + n * RCU_HEAD_BYTES;
      yield* t.store(head + HeadOffset.callback, this.#completed);
      yield* queue.add(t, head);
    }
    yield* this.#completion.wait(t);
    yield* this.#barrier.unlock(t);
  }

  /** Lets the workers end once they have called everything. */
  *stop(t: Thread): Operation<void> {
    for (const queue of this.#queues) yield* queue.stop(t);
  }

  /** The life of a worker. */
  *#work(t: Thread, queue: CallRcuQueue): Operation<void> {
    const flavour = this.#flavour;
    yield* flavour.registerThread(t);
    yield* queue.futex.announce(t);
    for (;;) {
      if (yield* queue.batch.splice(t, queue.fresh)) {
        yield* flavour.synchronize(t);
        yield* this.#callAll(t, queue);
      }
      // In this order: what was deferred before the stop is then found in the queue.
      const isStopped = yield* queue.isStopped(t);
      if (!(yield* queue.fresh.isEmpty(t))) continue;
      if (isStopped) break;
      yield* flavour.threadOffline(t);
      yield* queue.futex.sleep(t);
      yield* queue.futex.announce(t);
      yield* flavour.threadOnline(t);
    }
    yield* flavour.unregisterThread(t);
  }

  *#callAll(t: Thread, { batch }: CallRcuQueue): Operation<void> {
    let node = yield* batch.first(t);
    while (node !== 0) {
      const next = yield* batch.next(t, node);
      const head = node - HeadOffset.next;
      const callback = this.#callbacks.at(yield* t.exchange(head + HeadOffset.callback, 0));
      yield* callback(t, head);
      node = next;
    }
    yield* batch.clear(t);
  }
}
