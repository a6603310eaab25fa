import type { Mutex, Operation, Thread } from '@rseqlab/sim-machine';
import type { RcuFlavour } from '../rcu-flavour.js';
import { HeadOffset, PLACE_SHIFT } from './call-rcu-queue.js';
import type { CallRcuQueue } from './call-rcu-queue.js';
import type { Completion } from './completion.js';
import type { DeferredCallbacks } from './deferred-callbacks.js';

/** What workers share. */
export interface WorkerParts {
  readonly flavour: RcuFlavour;
  readonly callbacks: DeferredCallbacks;
  /** Held by whoever relies on which queues have workers. */
  readonly registry: Mutex;
  /** Where workers tell that they rest, and that they go on. */
  readonly resting: Completion;
}

/** The life of a worker: a grace period, then what was deferred before it, again and again. */
export class CallRcuWorker {
  readonly #parts: WorkerParts;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  /** By a thread of its own, until the queue is stopped. */
  *work(t: Thread, queue: CallRcuQueue): Operation<void> {
    const { flavour } = this.#parts;
    yield* flavour.registerThread(t);
    yield* queue.futex.announce(t);
    for (;;) {
      if (yield* queue.isPaused(t)) yield* this.#rest(t, queue);
      if (yield* queue.batch.splice(t, queue.fresh)) {
        yield* flavour.synchronize(t);
        yield* this.#callAll(t, queue);
      }
      // In this order: what was deferred before the stop is then found in the queue.
      const isStopped = yield* queue.isStopped(t);
      if (!(yield* queue.fresh.isEmpty(t))) continue;
      if (isStopped && (yield* this.#end(t, queue))) break;
      yield* this.#sleep(t, queue);
    }
    yield* flavour.unregisterThread(t);
  }

  /** Sleeps until there is something to do; not when there is. */
  *#sleep(t: Thread, queue: CallRcuQueue): Operation<void> {
    const { flavour } = this.#parts;
    if (yield* queue.isStopped(t)) return;
    yield* flavour.threadOffline(t);
    yield* queue.futex.sleep(t);
    yield* queue.futex.announce(t);
    yield* flavour.threadOnline(t);
  }

  /** Ends, unless somebody deferred something or wants to fork at the last moment. */
  *#end(t: Thread, queue: CallRcuQueue): Operation<boolean> {
    const { flavour, registry } = this.#parts;
    yield* flavour.threadOffline(t);
    yield* registry.lock(t);
    const isDone = (yield* queue.fresh.isEmpty(t)) && !(yield* queue.isPaused(t));
    if (isDone) yield* queue.end(t);
    yield* registry.unlock(t);
    yield* flavour.threadOnline(t);
    return isDone;
  }

  /** Rests while its process forks: as no reader, and with no callback in its hands. */
  *#rest(t: Thread, queue: CallRcuQueue): Operation<void> {
    const { flavour, resting } = this.#parts;
    yield* flavour.unregisterThread(t);
    yield* resting.complete(t);
    yield* queue.rest(t);
    yield* resting.complete(t);
    yield* flavour.registerThread(t);
  }

  *#callAll(t: Thread, { batch }: CallRcuQueue): Operation<void> {
    let node = yield* batch.first(t);
    while (node !== 0) {
      const next = yield* batch.next(t, node);
      const head = node - HeadOffset.next;
      const word = yield* t.exchange(head + HeadOffset.callback, 0);
      const callback = this.#parts.callbacks.at(word & ((1 << PLACE_SHIFT) - 1));
      yield* callback(t, head);
      node = next;
    }
    yield* batch.clear(t);
  }
}
