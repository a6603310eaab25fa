import type { SeldomUse, StateArena } from '../../base/state-arena.js';
import type { SignalRecord } from './signal-info.js';

const WORDS = 5;

/**
 * The instances of pending signals, with what is known of each, in the order in which they were
 * sent.
 *
 * An owner is a thread or a process. When the queue is full, a signal is still pending, but only
 * once and without its siginfo.
 *
 * Invariant: entries are contiguous and words behind them 0, so that equal contents are equal words.
 *
 * @source kernel/signal.c (struct sigqueue), sigqueue(3)
 */
export class SignalQueue {
  /** One word: entries in use. */
  readonly #count: Int32Array;
  /** Owner, signal, code, origin, value. */
  readonly #entries: Int32Array;
  readonly #use: SeldomUse = { isUsed: false };

  constructor(arena: StateArena, capacity: number) {
    this.#count = arena.column('signal.queued', 1, 'semantic');
    this.#entries = arena.seldomColumn(this.#use, 'signal.queue', capacity * WORDS, 'semantic');
  }

  /** Adds an instance; false when the queue is full. */
  add(owner: number, record: Readonly<SignalRecord>): boolean {
    const at = this.#count[0]! * WORDS;
    const entries = this.#entries;
    if (at === entries.length) return false;
    this.#use.isUsed = true;
    this.#count[0]! += 1;
    entries[at] = owner;
    entries[at + 1] = record.signal;
    entries[at + 2] = record.code;
    entries[at + 3] = record.origin;
    entries[at + 4] = record.value;
    return true;
  }

  /**
   * Takes the oldest instance of a signal out.
   *
   * @returns whether there are more of it; with no instance at all `into` says that it is unknown
   */
  take(owner: number, signal: number, into: SignalRecord): boolean {
    into.signal = signal;
    into.code = 0;
    into.origin = 0;
    into.value = 0;
    const first = this.#find(owner, signal, 0);
    if (first < 0) return false;
    const entries = this.#entries;
    into.code = entries[first + 2]!;
    into.origin = entries[first + 3]!;
    into.value = entries[first + 4]!;
    this.#remove(first);
    return this.#find(owner, signal, first) >= 0;
  }

  /** The oldest instance that the kernel sent and whose signal is in a set of low ones; 0 for none. */
  firstFromKernel(owner: number, low: number): number {
    const entries = this.#entries;
    const end = this.#count[0]! * WORDS;
    for (let at = 0; at < end; at += WORDS) {
      const signal = entries[at + 1]!;
      if (
        entries[at] === owner &&
        entries[at + 2]! > 0 &&
        signal <= 32 &&
        ((low >>> (signal - 1)) & 1) === 1
      )
        return signal;
    }
    return 0;
  }

  /** Drops every instance of one signal. */
  flush(owner: number, signal: number): void {
    for (let at = this.#find(owner, signal, 0); at >= 0; at = this.#find(owner, signal, at))
      this.#remove(at);
  }

  /** Drops every instance of an owner. */
  flushAll(owner: number): void {
    const entries = this.#entries;
    for (let at = (this.#count[0]! - 1) * WORDS; at >= 0; at -= WORDS)
      if (entries[at] === owner) this.#remove(at);
  }

  #find(owner: number, signal: number, from: number): number {
    const entries = this.#entries;
    const end = this.#count[0]! * WORDS;
    for (let at = from; at < end; at += WORDS)
      if (entries[at] === owner && entries[at + 1] === signal) return at;
    return -1;
  }

  #remove(at: number): void {
    const entries = this.#entries;
    const end = this.#count[0]! * WORDS;
    entries.copyWithin(at, at + WORDS, end);
    entries.fill(0, end - WORDS, end);
    this.#count[0]! -= 1;
  }
}
