import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { WfcQueue } from '../structures/wfc-queue.js';
import { WorkerFutex } from './worker-futex.js';

/**
 * Layout of a head, which callers keep in what they defer.
 *
 * | offset | holds                                  |
 * |--------|----------------------------------------|
 * | 0      | link of the queue                      |
 * | 4      | number of the callback; 0 when not queued |
 *
 * @source liburcu, include/urcu/call-rcu.h (struct rcu_head)
 */
export const HeadOffset = { next: 0, callback: 4 } as const;

/** Bytes of a head. */
export const RCU_HEAD_BYTES = 8;

/** Layout of a queue with its worker. */
const QueueOffset = { fresh: 0, batch: 8, futex: 16, flags: 20 } as const;

const BYTES = 24;

/** Bits of the flags word. */
const STOP = 1;

/** What was deferred to one worker, in simulated memory. */
export class CallRcuQueue {
  /** Callbacks that were deferred since the worker last looked. */
  readonly fresh: WfcQueue;
  /** Those that wait for a grace period, or are run. */
  readonly batch: WfcQueue;
  /** What the worker sleeps on. */
  readonly futex: WorkerFutex;
  readonly #base: number;

  constructor(process: Process) {
    this.#base = process.allocate(BYTES);
    this.fresh = new WfcQueue(this.#base + QueueOffset.fresh);
    this.batch = new WfcQueue(this.#base + QueueOffset.batch);
    this.futex = new WorkerFutex(this.#base + QueueOffset.futex);
    for (const queue of [this.fresh, this.batch]) process.write32(queue.address + 4, queue.address);
  }

  /** Adds a head and wakes the worker. */
  *add(t: Thread, head: number): Operation<void> {
    yield* this.fresh.enqueue(t, head + HeadOffset.next);
    yield* this.futex.wake(t);
  }

  /** Tells the worker to end once it has run what is there. */
  *stop(t: Thread): Operation<void> {
    yield* t.fetchOr(this.#base + QueueOffset.flags, STOP);
    yield* this.futex.wake(t);
  }

  /** Whether {@link stop} was called. */
  *isStopped(t: Thread): Operation<boolean> {
    return ((yield* t.load(this.#base + QueueOffset.flags)) & STOP) !== 0;
  }
}
