import type { Mutex, Operation, Thread } from '@rseqlab/sim-machine';
import type { CallRcuQueue } from './call-rcu-queue.js';
import type { Completion } from './completion.js';

/** Has workers rest with nothing half done, so that their process can fork. */
export class WorkerRest {
  readonly #registry: Mutex;
  readonly #resting: Completion;

  /**
   * @param registry held while workers come and go
   * @param resting where workers tell that they rest, and that they go on
   */
  constructor(registry: Mutex, resting: Completion) {
    this.#registry = registry;
    this.#resting = resting;
  }

  /** Waits until all workers rest, and holds the registry from then on. */
  *begin(t: Thread, queues: readonly CallRcuQueue[]): Operation<void> {
    for (;;) {
      yield* this.#registry.lock(t);
      const awake: CallRcuQueue[] = [];
      for (const queue of queues)
        if ((yield* queue.isLive(t)) && !(yield* queue.isPaused(t))) awake.push(queue);
      if (awake.length === 0) return;
      yield* this.#resting.expect(t, awake.length);
      for (const queue of awake) yield* queue.pause(t);
      // A worker that is about to end takes the registry's mutex before it sees that it has to rest.
      yield* this.#registry.unlock(t);
      yield* this.#resting.wait(t);
    }
  }

  /** Lets them go on, and the registry go. */
  *end(t: Thread, queues: readonly CallRcuQueue[]): Operation<void> {
    const resting: CallRcuQueue[] = [];
    for (const queue of queues) if (yield* queue.isPaused(t)) resting.push(queue);
    yield* this.#resting.expect(t, resting.length);
    for (const queue of resting) yield* queue.resume(t);
    yield* this.#resting.wait(t);
    yield* this.#registry.unlock(t);
  }
}
