import { Errno } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { RCU_HEAD_BYTES } from '../deferred/call-rcu-queue.js';
import type { CallbackId } from '../deferred/deferred-callbacks.js';
import type { Deferral } from '../deferred/grace-period-poll.js';
import type { RcuToken } from '../domain/rcu-token.js';
import { UrcuError } from '../urcu-error.js';
import { LfStack } from './lf-stack.js';

/** Layout of a node. */
const NodeOffset = { next: 0, isDummy: 4 } as const;

/** Bytes of a node; the caller's nodes have the second word 0. */
export const QUEUE_NODE_BYTES = 8;

/** A dummy has its head for deferred work behind the node, and its link in the pool behind that. */
const DummyOffset = { head: 8, link: 16 } as const;
const DUMMY_BYTES = 20;

/**
 * A queue without locks, whose nodes are freed after a grace period.
 *
 * | runs beside | enqueue          | dequeue          |
 * |-------------|------------------|------------------|
 * | enqueue     | in read sections | in read sections |
 * | dequeue     | in read sections | in read sections |
 *
 * `destroy` comes last, beside nothing.
 *
 * A node that was dequeued is the caller's, but others may look at its link until a grace period has
 * passed: free or enqueue it again after that. The queue is never without a node: when the last one is
 * dequeued, a dummy takes its place, which comes back through deferred work.
 *
 * @source liburcu, include/urcu/static/rculfqueue.h; Michael and Scott, "Simple, Fast, and Practical
 *   Non-Blocking and Blocking Concurrent Queue Algorithms", 1996
 */
export class RcuLfQueue {
  readonly #head: number;
  readonly #tail: number;
  readonly #dummies: LfStack;
  readonly #deferred: Deferral;
  readonly #recycle: CallbackId;

  private constructor(process: Process, deferred: Deferral, dummies: number) {
    const words = process.allocate(8);
    this.#head = words;
    this.#tail = words + 4;
    this.#deferred = deferred;
    this.#dummies = LfStack.create(process);
    const first = newDummy(process);
    process.write32(this.#head, first);
    process.write32(this.#tail, first);
    for (let n = 1; n < dummies; n++)
      this.#dummies.prepend(process, newDummy(process) + DummyOffset.link);
    this.#recycle = deferred.define((t, head) => this.#recycled(t, head));
  }

  /**
   * Makes an empty queue; before the workers of the deferred work start.
   *
   * @param dummies nodes of the queue's own, at least 2: more where grace periods take long
   */
  static create(process: Process, deferred: Deferral, dummies = 4): RcuLfQueue {
    return new RcuLfQueue(process, deferred, dummies);
  }

  /** Appends a node. */
  *enqueue(t: Thread, _section: RcuToken, node: number): Operation<void> {
    yield* t.store(node + NodeOffset.next, 0);
    for (;;) {
      const tail = yield* t.loadAcquire(this.#tail);
      const next = yield* t.compareExchange(tail + NodeOffset.next, 0, node);
      // Whoever finds the tail behind helps it along.
      yield* t.compareExchange(this.#tail, tail, next === 0 ? node : next);
      if (next === 0) return;
    }
  }

  /**
   * Takes the first node out; 0 when there is none.
   *
   * @throws UrcuError `ERR_CAPACITY` when all dummies wait for grace periods
   */
  *dequeue(t: Thread, section: RcuToken): Operation<number> {
    for (;;) {
      const head = yield* t.loadAcquire(this.#head);
      let next = yield* t.loadAcquire(head + NodeOffset.next);
      const isDummy = (yield* t.load(head + NodeOffset.isDummy)) !== 0;
      if (next === 0) {
        if (isDummy) return 0;
        yield* this.enqueue(t, section, yield* this.#takeDummy(t));
        next = yield* t.loadAcquire(head + NodeOffset.next);
      }
      if ((yield* t.compareExchange(this.#head, head, next)) !== head) continue;
      if (!isDummy) return head;
      yield* this.#deferred.call(t, head + DummyOffset.head, this.#recycle);
    }
  }

  /**
   * Whether a queue that nobody uses any more is empty: its end.
   *
   * @returns 0, or -EPERM when there are nodes, which are the caller's to take out before
   * @source liburcu, cds_lfq_destroy_rcu
   */
  *destroy(t: Thread): Operation<number> {
    const head = yield* t.load(this.#head);
    const isDummy = (yield* t.load(head + NodeOffset.isDummy)) !== 0;
    const isLast = (yield* t.load(head + NodeOffset.next)) === 0;
    return isDummy && isLast ? 0 : -Errno.EPERM;
  }

  *#takeDummy(t: Thread): Operation<number> {
    const link = yield* this.#dummies.pop(t);
    if (link === 0)
      throw new UrcuError(
        'ERR_CAPACITY',
        'expected a queue with more dummies than wait for grace periods, got none that is free',
      );
    return link - DummyOffset.link;
  }

  *#recycled(t: Thread, head: number): Operation<void> {
    yield* this.#dummies.push(t, head - DummyOffset.head + DummyOffset.link);
  }
}

function newDummy(process: Process): number {
  const dummy = process.allocate(Math.max(DUMMY_BYTES, DummyOffset.head + RCU_HEAD_BYTES));
  process.write32(dummy + NodeOffset.isDummy, 1);
  return dummy;
}
