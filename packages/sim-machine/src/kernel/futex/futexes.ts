import { Errno } from '../../base/errno.js';
import { ChoiceKind } from '../../director/director.js';
import type { Referee } from '../../director/referee.js';
import type { AddressSpace } from '../../memory/address-space.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import { RestartCode } from '../restart-code.js';
import type { SchedulingParameters } from '../sched/scheduling-parameters.js';
import { SleepEnd } from '../sleeps.js';
import type { SleepOwner, Sleeps } from '../sleeps.js';
import type { ThreadTable } from '../thread-table.js';
import { WaitKind } from '../wait-kind.js';
import { FUTEX_MATCH_ANY } from './futex-operation.js';
import { FutexKeys } from './futex-keys.js';
import type { FutexQueues } from './futex-queues.js';
import { decodeWakeOperation } from './wake-operation.js';

/** Parts that futexes work on. */
export interface FutexPorts {
  readonly threads: ThreadTable;
  readonly queues: FutexQueues;
  readonly sleeps: Sleeps;
  readonly referee: Referee;
  readonly parameters: SchedulingParameters;
  readonly user: UserMemoryPort;
  /** The address space of a thread. */
  spaceOf(thread: number): AddressSpace;
  /** Makes the CPU's buffered stores visible: taking the lock of a hash bucket is a full fence. */
  drain(cpu: number): void;
}

/**
 * Fast user-space locking: sleeping on a word of memory, atomically with a look at its value.
 *
 * | step in the kernel          | happens atomically with                              |
 * |-----------------------------|------------------------------------------------------|
 * | wait: compare, join         | any wake on the same futex: a waiter either sees the  |
 * |                             | new value or is found by the wake that follows it     |
 * | requeue: compare, wake, move | any wait or wake on either futex                      |
 *
 * Every operation is a full fence of its CPU before it looks at memory or at waiters; that is what
 * pairs a waker's store with a waiter's comparison under buffered stores.
 *
 * Which waiters wake: under a policy those of the highest real-time priority, and of these the
 * longest waiting; else the director is asked while there is a choice.
 *
 * @source futex(2), kernel/futex/waitwake.c, kernel/futex/requeue.c
 */
export class Futexes implements SleepOwner {
  readonly #ports: FutexPorts;
  readonly #keys: FutexKeys;
  readonly #candidates: Int32Array;
  readonly #wakeOne: (thread: number) => void;
  readonly #moveOne: (thread: number) => void;
  /** The thread whose call wakes. */
  #waker = -1;

  constructor(ports: FutexPorts) {
    this.#ports = ports;
    this.#keys = new FutexKeys(ports.user);
    this.#candidates = new Int32Array(ports.threads.capacity);
    this.#wakeOne = (thread) => {
      ports.queues.leave(thread);
      ports.sleeps.wake(thread, 0, this.#waker);
    };
    this.#moveOne = (thread) => {
      ports.queues.move(thread, this.#keys.owner, this.#keys.offset);
    };
    ports.sleeps.own(WaitKind.Futex, this);
  }

  /**
   * Sleeps until woken, if the word has the expected value.
   *
   * @param bitset bits of which a waker must name one
   * @param deadlineCycles Infinity for none
   * @param expired whether the deadline has passed already
   * @returns 0 when woken; -EAGAIN for another value; -ETIMEDOUT; -EINVAL for an empty bitset or an
   *   unaligned address; -EFAULT; interrupted: -EINTR, or the call is restarted
   */
  wait(
    thread: number,
    address: number,
    shared: boolean,
    expected: number,
    bitset: number,
    deadlineCycles: number,
    expired: boolean,
  ): number {
    if (bitset === 0) return -Errno.EINVAL;
    const { queues, parameters, sleeps, user } = this.#ports;
    const error = this.#find(thread, address, shared);
    if (error < 0) return error;
    const value = user.get32(address);
    if (user.failed) return -Errno.EFAULT;
    if (value !== expected) return -Errno.EAGAIN;
    if (expired) return -Errno.ETIMEDOUT;
    const { owner, offset } = this.#keys;
    queues.join(thread, owner, offset, bitset, parameters.priority(thread));
    return sleeps.sleep(thread, WaitKind.Futex, address, deadlineCycles);
  }

  /**
   * Wakes up to `limit` waiters, but at least one, even where the limit is 0 or negative.
   *
   * @returns how many woke; -EINVAL for an empty bitset or an unaligned address; -EFAULT
   */
  wake(thread: number, address: number, shared: boolean, limit: number, bitset: number): number {
    if (bitset === 0) return -Errno.EINVAL;
    const error = this.#find(thread, address, shared);
    if (error < 0) return error;
    return this.#wakeAt(thread, this.#keys.owner, this.#keys.offset, Math.max(limit, 1), bitset);
  }

  /**
   * Wakes up to `wakeLimit` waiters and moves up to `moveLimit` others to a second futex.
   *
   * @param expected the value that the first word must have; undefined for any
   * @returns how many woke or moved; -EAGAIN for another value; -EINVAL for a negative limit or an
   *   unaligned address; -EFAULT
   */
  requeue(
    thread: number,
    address: number,
    target: number,
    shared: boolean,
    wakeLimit: number,
    moveLimit: number,
    expected: number | undefined,
  ): number {
    if (wakeLimit < 0 || moveLimit < 0) return -Errno.EINVAL;
    const { user } = this.#ports;
    const error = this.#find(thread, address, shared);
    if (error < 0) return error;
    const { owner, offset } = this.#keys;
    const targetError = this.#find(thread, target, shared);
    if (targetError < 0) return targetError;
    if (expected !== undefined) {
      const value = user.get32(address);
      if (user.failed) return -Errno.EFAULT;
      if (value !== expected) return -Errno.EAGAIN;
    }
    const woken = this.#wakeAt(thread, owner, offset, wakeLimit, FUTEX_MATCH_ANY);
    if (owner === this.#keys.owner && offset === this.#keys.offset) {
      const left = this.#ports.queues.collect(owner, offset, FUTEX_MATCH_ANY, this.#candidates);
      return woken + Math.min(left, moveLimit);
    }
    return woken + this.#serve(owner, offset, moveLimit, FUTEX_MATCH_ANY, this.#moveOne);
  }

  /**
   * Changes a second word, wakes waiters of the first, and of the second if the old value says so.
   *
   * @param encoded see {@link decodeWakeOperation}
   * @returns how many woke; -EINVAL for an unaligned address; -EFAULT; -ENOSYS for an operation that
   *   does not exist
   */
  wakeAndOperate(
    thread: number,
    address: number,
    target: number,
    shared: boolean,
    limit: number,
    targetLimit: number,
    encoded: number,
  ): number {
    const { user } = this.#ports;
    const error = this.#find(thread, address, shared);
    if (error < 0) return error;
    const { owner, offset } = this.#keys;
    const targetError = this.#find(thread, target, shared);
    if (targetError < 0) return targetError;
    const operation = decodeWakeOperation(encoded);
    if (operation === undefined) return -Errno.ENOSYS;
    const old = user.get32(target);
    if (user.failed) return -Errno.EFAULT;
    if (!this.#store(target, operation.apply(old))) return -Errno.EFAULT;
    this.#ports.drain(this.#ports.threads.cpu[thread]!);
    const targetOwner = this.#keys.owner;
    const targetOffset = this.#keys.offset;
    let woken = this.#wakeAt(thread, owner, offset, Math.max(limit, 1), FUTEX_MATCH_ANY);
    if (operation.holds(old)) {
      const most = Math.max(targetLimit, 1);
      woken += this.#wakeAt(thread, targetOwner, targetOffset, most, FUTEX_MATCH_ANY);
    }
    return woken;
  }

  ended(thread: number, end: SleepEnd): number {
    const { queues, sleeps } = this.#ports;
    queues.leave(thread);
    if (end === SleepEnd.Timeout) return -Errno.ETIMEDOUT;
    if (end !== SleepEnd.Signal) return 0;
    const hasDeadline = sleeps.deadlineCycles(thread) !== Infinity;
    return hasDeadline ? -RestartCode.Block : -RestartCode.System;
  }

  #find(thread: number, address: number, shared: boolean): number {
    this.#ports.drain(this.#ports.threads.cpu[thread]!);
    return this.#keys.find(this.#ports.spaceOf(thread), address, shared);
  }

  #store(address: number, value: number): boolean {
    this.#ports.user.put32(address, value);
    return !this.#ports.user.failed;
  }

  #wakeAt(waker: number, owner: number, offset: number, limit: number, bitset: number): number {
    this.#waker = waker;
    return this.#serve(owner, offset, limit, bitset, this.#wakeOne);
  }

  /** Does something with up to `limit` waiters that stops them from waiting there. */
  #serve(
    owner: number,
    offset: number,
    limit: number,
    bitset: number,
    action: (thread: number) => void,
  ): number {
    const { queues, referee } = this.#ports;
    let served = 0;
    if (referee.scheduling === 'policy') {
      for (; served < limit; served++) {
        const thread = queues.first(owner, offset, bitset);
        if (thread < 0) break;
        action(thread);
      }
      return served;
    }
    let left = queues.collect(owner, offset, bitset, this.#candidates);
    for (; served < limit && left > 0; served++, left--) action(this.#choose(left, limit - served));
    return served;
  }

  /** Takes one of the candidates: the first when all will be taken, else the director's choice. */
  #choose(count: number, wanted: number): number {
    const candidates = this.#candidates;
    const isForced = count <= wanted;
    const index = isForced ? 0 : this.#ports.referee.choose(ChoiceKind.Waiter, count);
    const thread = candidates[index]!;
    candidates.copyWithin(index, index + 1, count);
    return thread;
  }
}
