import { ALL_WAITERS, FutexScope, futexWait, futexWake } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';

/** What consumers are told to do. */
export const ConsumerCommand = { none: 0, rotate: 1, clear: 2 } as const;

/** One of {@link ConsumerCommand}. */
export type ConsumerCommand = (typeof ConsumerCommand)[keyof typeof ConsumerCommand];

/** Whether a session records. */
export const SessionState = { inactive: 0, active: 1, destroyed: 2 } as const;

/** One of {@link SessionState}. */
export type SessionState = (typeof SessionState)[keyof typeof SessionState];

/**
 * The words by which a session and its consumers know of each other.
 *
 * | offset | holds                                     | written by                          |
 * |--------|-------------------------------------------|-------------------------------------|
 * | 0      | state of the session                      | who controls it                     |
 * | 4      | count: commands given so far; a futex     | who controls it                     |
 * | 8      | the last command                          | who controls it, before the count   |
 * | 12     | consumers that have not obeyed yet; a futex | who controls it; atomics          |
 * | 16     | consumers that have not ended; a futex    | who controls it; atomics            |
 */
const ControlOffset = { state: 0, count: 4, command: 8, pending: 12, running: 16 } as const;

/** What a session has its consumers do. One thread at a time controls: it holds the session's lock. */
export class ConsumerControl {
  readonly #process: Process;
  readonly #address: number;

  /** @param state at first */
  constructor(process: Process, state: SessionState) {
    this.#process = process;
    this.#address = process.allocate(64);
    process.write32(this.#address + ControlOffset.state, state);
  }

  /** The state, to the host. */
  get state(): number {
    return this.#process.read32(this.#address + ControlOffset.state);
  }

  /** Address of the count of commands. */
  get count(): number {
    return this.#address + ControlOffset.count;
  }

  /** Consumers are about to be started from outside. */
  expectFromOutside(consumers: number): void {
    this.#process.write32(this.#address + ControlOffset.running, consumers);
  }

  /** A consumer is about to be started. */
  *expect(t: Thread): Operation<void> {
    yield* t.fetchAdd(this.#address + ControlOffset.running, 1);
  }

  /** Whether the session records. */
  *isActive(t: Thread): Operation<boolean> {
    return (yield* this.loadState(t)) === SessionState.active;
  }

  /** The state. */
  loadState(t: Thread): Operation<number> {
    return t.loadAcquire(this.#address + ControlOffset.state);
  }

  /** Sets the state, and wakes consumers up to see it. */
  *enter(t: Thread, state: SessionState): Operation<void> {
    yield* t.storeRelease(this.#address + ControlOffset.state, state);
    yield* this.give(t, ConsumerCommand.none, 0);
  }

  /** What was told last. */
  *command(t: Thread): Operation<number> {
    return yield* t.load(this.#address + ControlOffset.command);
  }

  /** Gives a command to so many consumers, and returns when all have obeyed. */
  *give(t: Thread, command: ConsumerCommand, consumers: number): Operation<void> {
    const pending = this.#address + ControlOffset.pending;
    yield* t.store(this.#address + ControlOffset.command, command);
    yield* t.storeRelease(pending, consumers);
    yield* t.fetchAdd(this.count, 1);
    yield* futexWake(t, this.count, ALL_WAITERS, FutexScope.Private);
    if (consumers > 0) yield* this.#untilZero(t, pending);
  }

  /** A consumer has obeyed. What nobody waits for needs no answer. */
  *done(t: Thread): Operation<void> {
    const command = yield* this.command(t);
    if (command !== ConsumerCommand.none) yield* this.#countDown(t, ControlOffset.pending);
  }

  /** A consumer ends. */
  leave(t: Thread): Operation<void> {
    return this.#countDown(t, ControlOffset.running);
  }

  /** Waits until all consumers have ended, which they do when the session is not active. */
  join(t: Thread): Operation<void> {
    return this.#untilZero(t, this.#address + ControlOffset.running);
  }

  *#countDown(t: Thread, offset: number): Operation<void> {
    const word = this.#address + offset;
    if ((yield* t.fetchAdd(word, -1)) === 1)
      yield* futexWake(t, word, ALL_WAITERS, FutexScope.Private);
  }

  *#untilZero(t: Thread, word: number): Operation<void> {
    for (;;) {
      const left = yield* t.loadAcquire(word);
      if (left === 0) return;
      yield* futexWait(t, word, left, FutexScope.Private);
    }
  }
}
