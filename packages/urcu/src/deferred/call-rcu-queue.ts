import { futexWait, futexWake } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { WfcQueue } from '../structures/wfc-queue.js';
import { WorkerFutex } from './worker-futex.js';

/**
 * Layout of a head, which callers keep in what they defer.
 *
 * | offset | holds                                  |
 * |--------|----------------------------------------|
 * | 0      | link of the queue                      |
 * | 4      | number of the callback, with the place of a checked call above; 0 when not queued |
 *
 * @source liburcu, include/urcu/call-rcu.h (struct rcu_head)
 */
export const HeadOffset = { next: 0, callback: 4 } as const;

/** Bits of the number of a callback. */
export const PLACE_SHIFT = 12;

/** Bytes of a head. */
export const RCU_HEAD_BYTES = 8;

/** Layout of a queue with its worker. */
const QueueOffset = { fresh: 0, batch: 8, futex: 16, flags: 20, pause: 24 } as const;

const BYTES = 28;

/** Bits of the flags word. */
const STOP = 1;
const LIVE = 2;

/**
 * What was deferred to one worker, in simulated memory.
 *
 * | flag | means                                                                                |
 * |------|--------------------------------------------------------------------------------------|
 * | STOP | the worker ends once it has nothing to do                                            |
 * | LIVE | there is a worker, which ends only while it holds the registry's mutex: who has that mutex can count on it |
 */
export class CallRcuQueue {
  /** Callbacks that were deferred since the worker last looked. */
  readonly fresh: WfcQueue;
  /** Those that wait for a grace period, or are run. */
  readonly batch: WfcQueue;
  /** What the worker sleeps on. */
  readonly futex: WorkerFutex;
  /** Address of the queue, which stands for it in simulated memory. */
  readonly address: number;

  constructor(process: Process) {
    this.address = process.allocate(BYTES);
    this.fresh = new WfcQueue(this.address + QueueOffset.fresh);
    this.batch = new WfcQueue(this.address + QueueOffset.batch);
    this.futex = new WorkerFutex(this.address + QueueOffset.futex);
    for (const queue of [this.fresh, this.batch]) process.write32(queue.address + 4, queue.address);
  }

  /** Says from outside that a worker is about to start. */
  begin(process: Process): void {
    process.write32(this.address + QueueOffset.flags, LIVE);
  }

  /** Says that a worker is about to start, on a queue that has none. */
  *revive(t: Thread): Operation<void> {
    yield* this.futex.withdraw(t);
    yield* t.store(this.address + QueueOffset.pause, 0);
    yield* t.store(this.address + QueueOffset.flags, LIVE);
  }

  /** Says that there is no worker any more. */
  *end(t: Thread): Operation<void> {
    yield* t.store(this.address + QueueOffset.flags, 0);
  }

  /** Whether there is a worker. */
  *isLive(t: Thread): Operation<boolean> {
    return ((yield* t.load(this.address + QueueOffset.flags)) & LIVE) !== 0;
  }

  /** Adds a head and wakes the worker. */
  *add(t: Thread, head: number): Operation<void> {
    yield* this.fresh.enqueue(t, head + HeadOffset.next);
    yield* this.futex.wake(t);
  }

  /** Tells the worker to end once it has run what is there. */
  *stop(t: Thread): Operation<void> {
    yield* t.fetchOr(this.address + QueueOffset.flags, STOP);
    yield* this.futex.wake(t);
  }

  /** Whether {@link stop} was called. */
  *isStopped(t: Thread): Operation<boolean> {
    return ((yield* t.load(this.address + QueueOffset.flags)) & STOP) !== 0;
  }

  /** Tells the worker to rest with nothing half done. */
  *pause(t: Thread): Operation<void> {
    yield* t.store(this.address + QueueOffset.pause, 1);
    yield* this.futex.wake(t);
  }

  /** Whether {@link pause} was called. */
  *isPaused(t: Thread): Operation<boolean> {
    return (yield* t.load(this.address + QueueOffset.pause)) !== 0;
  }

  /** Lets it go on. */
  *resume(t: Thread): Operation<void> {
    yield* t.store(this.address + QueueOffset.pause, 0);
    yield* futexWake(t, this.address + QueueOffset.pause, 1);
  }

  /** Sleeps until then; by the worker. */
  *rest(t: Thread): Operation<void> {
    const word = this.address + QueueOffset.pause;
    while ((yield* t.load(word)) !== 0) yield* futexWait(t, word, 1);
  }
}
