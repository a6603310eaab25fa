import type { StateArena } from '../../base/state-arena.js';
import { ThreadLists } from '../sched/thread-lists.js';

/**
 * Who waits on which futex: a hash table whose chains are FIFO lists of threads.
 *
 * Joining, leaving and finding the first waiter are O(1) expected with any number of waiters; with
 * real-time waiters anywhere, finding the first is O(chain).
 *
 * What a thread waits on is semantic. The order of waiters is not: where nothing but a search reads
 * the fingerprint, the director is asked which waiter wakes.
 */
export class FutexQueues {
  readonly #chains: ThreadLists;
  readonly #mask: number;
  /** Key words; the owner is 0 for a thread that waits on nothing. */
  readonly #owner: Int32Array;
  readonly #offset: Int32Array;
  readonly #bitset: Int32Array;
  /** Real-time priority at the time of joining: higher ones wake first. */
  readonly #priority: Int32Array;
  /** Number of waiters with a real-time priority. */
  readonly #realTime: Int32Array;

  constructor(arena: StateArena, maxThreads: number) {
    let chains = 1;
    while (chains < maxThreads) chains *= 2;
    this.#mask = chains - 1;
    this.#owner = arena.column('futex.owner', maxThreads, 'semantic');
    this.#offset = arena.column('futex.offset', maxThreads, 'semantic');
    this.#bitset = arena.column('futex.bitset', maxThreads, 'semantic');
    this.#priority = arena.column('futex.priority', maxThreads, 'accounting');
    this.#realTime = arena.column('futex.realTime', 1, 'accounting');
    this.#chains = new ThreadLists(
      arena.column('futex.head', chains, 'accounting', -1),
      arena.column('futex.next', maxThreads, 'accounting', -1),
      arena.column('futex.previous', maxThreads, 'accounting', -1),
    );
  }

  /** Whether the thread waits on a futex. */
  isWaiting(thread: number): boolean {
    return this.#owner[thread] !== 0;
  }

  /**
   * Puts a thread that waits on nothing behind those of its priority.
   *
   * @param priority real-time priority, 0 for none
   */
  join(thread: number, owner: number, offset: number, bitset: number, priority: number): void {
    this.#bitset[thread] = bitset;
    this.#priority[thread] = priority;
    if (priority > 0) this.#realTime[0]! += 1;
    this.#link(thread, owner, offset);
  }

  /** Takes a waiter off its futex. */
  leave(thread: number): void {
    this.#unlink(thread);
    if (this.#priority[thread]! > 0) this.#realTime[0]! -= 1;
    this.#owner[thread] = 0;
    this.#offset[thread] = 0;
    this.#bitset[thread] = 0;
  }

  /** Moves a waiter to another futex, to the end; it stays where it is if that is its own. */
  move(thread: number, owner: number, offset: number): void {
    if (this.#owner[thread] === owner && this.#offset[thread] === offset) return;
    this.#unlink(thread);
    this.#link(thread, owner, offset);
  }

  /** The waiter that wakes first: highest priority, longest wait; -1 when none matches. */
  first(owner: number, offset: number, bitset: number): number {
    const chain = this.#chainOf(owner, offset);
    let best = -1;
    for (
      let thread = this.#chains.first(chain);
      thread >= 0;
      thread = this.#chains.following(thread)
    )
      if (this.#matches(thread, owner, offset, bitset)) {
        if (this.#realTime[0] === 0) return thread;
        if (best < 0 || this.#priority[thread]! > this.#priority[best]!) best = thread;
      }
    return best;
  }

  /** Writes all matching waiters into `out`, ascending, and returns how many. */
  collect(owner: number, offset: number, bitset: number, out: Int32Array): number {
    const chain = this.#chainOf(owner, offset);
    let count = 0;
    for (
      let thread = this.#chains.first(chain);
      thread >= 0;
      thread = this.#chains.following(thread)
    )
      if (this.#matches(thread, owner, offset, bitset)) out[count++] = thread;
    if (count > 1) out.subarray(0, count).sort();
    return count;
  }

  #matches(thread: number, owner: number, offset: number, bitset: number): boolean {
    return (
      this.#offset[thread] === offset &&
      this.#owner[thread] === owner &&
      (this.#bitset[thread]! & bitset) !== 0
    );
  }

  #link(thread: number, owner: number, offset: number): void {
    this.#owner[thread] = owner;
    this.#offset[thread] = offset;
    this.#chains.append(this.#chainOf(owner, offset), thread);
  }

  #unlink(thread: number): void {
    this.#chains.remove(this.#chainOf(this.#owner[thread]!, this.#offset[thread]!), thread);
  }

  /** Mixes the key words; the low bits of an offset are zero. */
  #chainOf(owner: number, offset: number): number {
    let bits = Math.imul(offset ^ Math.imul(owner, 0x9e3779b1), 0x85ebca6b);
    bits ^= bits >>> 15;
    bits = Math.imul(bits, 0xc2b2ae35);
    return (bits ^ (bits >>> 16)) & this.#mask;
  }
}
