import type { StateArena } from '../../base/state-arena.js';
import type { ThreadTable } from '../thread-table.js';
import { highBit, holds, lowBit } from './signal-set.js';

/**
 * Which signals threads block, and two sets that system calls put beside that for a while.
 *
 * @source include/linux/sched.h (blocked, saved_sigmask; real_blocked is the blocked set here, and
 *   what it lacks is awaited)
 */
export class SignalMasks {
  /** Signals 1 to 32 that the thread blocks. */
  readonly low: Int32Array;
  /** Signals 33 to 64 that the thread blocks. */
  readonly high: Int32Array;
  /** Signals that end a wait of the thread (rt_sigtimedwait) though they may be blocked. */
  readonly awaitedLow: Int32Array;
  readonly awaitedHigh: Int32Array;
  /** 1 while the mask is a temporary one (rt_sigsuspend) that ends at the way to user mode. */
  readonly isTemporary: Int32Array;
  readonly #savedLow: Int32Array;
  readonly #savedHigh: Int32Array;

  constructor(arena: StateArena, threads: ThreadTable) {
    const column = (name: string): Int32Array =>
      arena.column(`thread.${name}`, threads.capacity, 'semantic');
    this.low = threads.blockedLow;
    this.high = threads.blockedHigh;
    this.awaitedLow = column('awaitedLow');
    this.awaitedHigh = column('awaitedHigh');
    this.isTemporary = column('temporaryMask');
    this.#savedLow = column('savedMaskLow');
    this.#savedHigh = column('savedMaskHigh');
  }

  /** Nothing of an exited thread is left; the blocked set is cleared with the thread. */
  clear(thread: number): void {
    this.awaitedLow[thread] = 0;
    this.awaitedHigh[thread] = 0;
    this.isTemporary[thread] = 0;
    this.#savedLow[thread] = 0;
    this.#savedHigh[thread] = 0;
  }

  /** Whether the thread blocks the signal. */
  blocks(thread: number, signal: number): boolean {
    return holds(this.low[thread]!, this.high[thread]!, signal);
  }

  /** Whether the signal would make the thread act: not blocked, or awaited. */
  admits(thread: number, signal: number): boolean {
    return (
      !this.blocks(thread, signal) ||
      holds(this.awaitedLow[thread]!, this.awaitedHigh[thread]!, signal)
    );
  }

  /** Takes one signal out of the blocked set. */
  unblock(thread: number, signal: number): void {
    this.low[thread]! &= ~lowBit(signal);
    this.high[thread]! &= ~highBit(signal);
  }

  /** Keeps the present mask, to be put back on the way to user mode. */
  save(thread: number): void {
    this.#savedLow[thread] = this.low[thread]!;
    this.#savedHigh[thread] = this.high[thread]!;
    this.isTemporary[thread] = 1;
  }

  /** Signals 1 to 32 of the mask that a signal frame keeps. */
  keptLow(thread: number): number {
    return this.isTemporary[thread] === 1 ? this.#savedLow[thread]! : this.low[thread]!;
  }

  /** Signals 33 to 64 of the mask that a signal frame keeps. */
  keptHigh(thread: number): number {
    return this.isTemporary[thread] === 1 ? this.#savedHigh[thread]! : this.high[thread]!;
  }

  /** The temporary mask has been put into a signal frame or replaced. */
  endTemporary(thread: number): void {
    this.isTemporary[thread] = 0;
    this.#savedLow[thread] = 0;
    this.#savedHigh[thread] = 0;
  }
}
