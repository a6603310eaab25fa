import type { SignalRecord } from './signal-info.js';
import { isRealTime } from './signal-number.js';
import type { SignalQueue } from './signal-queue.js';
import { highBit, holds, lowBit, lowestSignal, SYNCHRONOUS_LOW } from './signal-set.js';

/**
 * Which signals are pending, for all threads or for all processes.
 *
 * @source kernel/signal.c (struct sigpending)
 */
export class PendingSignals {
  /** Signals 1 to 32 that are pending, by owner. */
  readonly low: Int32Array;
  /** Signals 33 to 64 that are pending, by owner. */
  readonly high: Int32Array;
  readonly #queue: SignalQueue;
  readonly #firstOwner: number;

  /** @param firstOwner what an id is offset by, so that threads and processes differ in the queue */
  constructor(low: Int32Array, high: Int32Array, queue: SignalQueue, firstOwner: number) {
    this.low = low;
    this.high = high;
    this.#queue = queue;
    this.#firstOwner = firstOwner;
  }

  /** Whether the signal is pending. */
  has(id: number, signal: number): boolean {
    return holds(this.low[id]!, this.high[id]!, signal);
  }

  /**
   * Adds an instance. One of the first 31 signals that is pending already stays as it is.
   *
   * @returns false when a real-time signal could not be queued; it is pending nevertheless
   */
  add(id: number, record: Readonly<SignalRecord>): boolean {
    const { signal } = record;
    if (!isRealTime(signal) && this.has(id, signal)) return true;
    const isQueued = this.#queue.add(this.#firstOwner + id, record);
    this.low[id]! |= lowBit(signal);
    this.high[id]! |= highBit(signal);
    return isQueued || !isRealTime(signal);
  }

  /**
   * Takes the next signal that is not blocked: one that an instruction caused, else the lowest.
   *
   * @returns false when there is none
   * @source next_signal() and collect_signal() in kernel/signal.c
   */
  take(id: number, blockedLow: number, blockedHigh: number, into: SignalRecord): boolean {
    const low = this.low[id]! & ~blockedLow;
    const high = this.high[id]! & ~blockedHigh;
    const urgent = low & SYNCHRONOUS_LOW;
    const signal = urgent === 0 ? lowestSignal(low, high) : lowestSignal(urgent, 0);
    if (signal === 0) return false;
    this.#collect(id, signal, into);
    return true;
  }

  /**
   * Takes the oldest signal that an instruction of the thread caused and that is not blocked.
   *
   * @source dequeue_synchronous_signal() in kernel/signal.c
   */
  takeSynchronous(id: number, blockedLow: number, into: SignalRecord): boolean {
    const urgent = this.low[id]! & ~blockedLow & SYNCHRONOUS_LOW;
    if (urgent === 0) return false;
    const signal = this.#queue.firstFromKernel(this.#firstOwner + id, urgent);
    if (signal === 0) return false;
    this.#collect(id, signal, into);
    return true;
  }

  /** Drops one signal, all instances of it. */
  flush(id: number, signal: number): void {
    if (!this.has(id, signal)) return;
    this.low[id]! &= ~lowBit(signal);
    this.high[id]! &= ~highBit(signal);
    this.#queue.flush(this.#firstOwner + id, signal);
  }

  /** Drops every signal of a set of low ones. */
  flushLow(id: number, low: number): void {
    let rest = this.low[id]! & low;
    for (; rest !== 0; rest &= rest - 1) this.flush(id, lowestSignal(rest, 0));
  }

  /** Drops everything. */
  flushAll(id: number): void {
    if ((this.low[id]! | this.high[id]!) === 0) return;
    this.low[id] = 0;
    this.high[id] = 0;
    this.#queue.flushAll(this.#firstOwner + id);
  }

  #collect(id: number, signal: number, into: SignalRecord): void {
    if (this.#queue.take(this.#firstOwner + id, signal, into)) return;
    this.low[id]! &= ~lowBit(signal);
    this.high[id]! &= ~highBit(signal);
  }
}
