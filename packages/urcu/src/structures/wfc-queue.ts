import type { Operation, Process, Thread } from '@rseqlab/sim-machine';

/**
 * A queue: enqueueing is wait-free, dequeueing waits for enqueuers that are half way.
 *
 * | word       | holds                                                       |
 * |------------|-------------------------------------------------------------|
 * | head.next  | the first node, or 0                                        |
 * | tail       | the last node, or the address of the queue when it is empty |
 * | node.next  | the next node, or 0                                         |
 *
 * A node is a word anywhere; whoever enqueues it gives it away until it is dequeued.
 *
 * | runs beside   | enqueue | dequeue       | splice, from  | splice, to    | isEmpty |
 * |---------------|---------|---------------|---------------|---------------|---------|
 * | enqueue       | yes     | yes           | yes           | yes           | yes     |
 * | dequeue       | yes     | one at a time | one at a time | yes           | yes     |
 * | splice, from  | yes     | one at a time | one at a time | yes           | yes     |
 * | splice, to    | yes     | yes           | yes           | yes           | yes     |
 *
 * "One at a time": the caller sees to it, by a mutex or by being the only one.
 *
 * @source liburcu, include/urcu/static/wfcqueue.h
 */
export class WfcQueue {
  /** Address of the head, which is also what the tail holds while the queue is empty. */
  readonly address: number;
  readonly #tail: number;

  /** A queue whose two words lie at an address; {@link create} makes new ones. */
  constructor(address: number) {
    this.address = address;
    this.#tail = address + 4;
  }

  /** Bytes that a queue takes. */
  static readonly bytes = 8;

  /** Makes an empty queue. */
  static create(process: Process): WfcQueue {
    const queue = new WfcQueue(process.allocate(WfcQueue.bytes));
    process.write32(queue.#tail, queue.address);
    return queue;
  }

  /** Empties a queue that nobody uses. */
  *clear(t: Thread): Operation<void> {
    yield* t.store(this.address, 0);
    yield* t.store(this.#tail, this.address);
  }

  /** Appends a node. @returns whether the queue was not empty before */
  *enqueue(t: Thread, node: number): Operation<boolean> {
    yield* t.store(node, 0);
    return yield* this.#append(t, node, node);
  }

  /** Whether the queue is empty, a moment ago. */
  *isEmpty(t: Thread): Operation<boolean> {
    return (yield* t.load(this.address)) === 0 && (yield* t.load(this.#tail)) === this.address;
  }

  /** Takes the first node out; 0 when there is none. */
  *dequeue(t: Thread): Operation<number> {
    if (yield* this.isEmpty(t)) return 0;
    const node = yield* nextOf(t, this.address);
    let next = yield* t.loadAcquire(node);
    if (next === 0) {
      yield* t.store(this.address, 0);
      const last = yield* t.compareExchange(this.#tail, node, this.address);
      if (last === node) return node;
      next = yield* nextOf(t, node);
    }
    yield* t.store(this.address, next);
    return node;
  }

  /** Moves all nodes of another queue to the end of this one. @returns whether there were any */
  *splice(t: Thread, from: WfcQueue): Operation<boolean> {
    let first = yield* t.exchange(from.address, 0);
    while (first === 0) {
      if ((yield* t.load(from.#tail)) === from.address) return false;
      yield* t.waitUntilNotEqual(from.address, 0);
      first = yield* t.exchange(from.address, 0);
    }
    const last = yield* t.exchange(from.#tail, from.address);
    yield* this.#append(t, first, last);
    return true;
  }

  /** The node behind a node of a queue that only the caller changes; 0 behind the last. */
  *next(t: Thread, node: number): Operation<number> {
    const next = yield* t.loadAcquire(node);
    if (next !== 0 || (yield* t.load(this.#tail)) === node) return next;
    return yield* nextOf(t, node);
  }

  /** The first node of such a queue; 0 when it is empty. */
  *first(t: Thread): Operation<number> {
    return (yield* this.isEmpty(t)) ? 0 : yield* nextOf(t, this.address);
  }

  *#append(t: Thread, first: number, last: number): Operation<boolean> {
    const before = yield* t.exchange(this.#tail, last);
    yield* t.storeRelease(before, first);
    return before !== this.address;
  }
}

/** Waits until an enqueuer that has already moved the tail has linked its node, and returns it. */
function* nextOf(t: Thread, node: number): Operation<number> {
  return yield* t.waitUntilNotEqual(node, 0);
}
