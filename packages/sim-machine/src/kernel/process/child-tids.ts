import type { StateArena } from '../../base/state-arena.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { ThreadTable } from '../thread-table.js';

/** Wakes waiters of a futex in the memory of a thread. */
export interface FutexWakePort {
  /** Wakes one waiter of the futex at an address, which other processes may use too. */
  wakeOne(thread: number, address: number): void;
}

/**
 * Words of user memory that threads clear when they exit, so that others can wait for that on a
 * futex: what pthread_join does.
 *
 * @source set_tid_address(2), mm_release() in kernel/fork.c
 */
export class ChildTids {
  readonly #address: Int32Array;
  readonly #user: UserMemoryPort;
  readonly #futexes: FutexWakePort;

  constructor(
    arena: StateArena,
    threads: ThreadTable,
    user: UserMemoryPort,
    futexes: FutexWakePort,
  ) {
    this.#address = arena.column('thread.clearChildTid', threads.capacity, 'semantic');
    this.#user = user;
    this.#futexes = futexes;
  }

  /** Sets the word that is cleared at exit; 0 for none. */
  set(thread: number, address: number): void {
    this.#address[thread] = address;
  }

  /** Whether somebody may wait for the exit of the thread. */
  isSet(thread: number): boolean {
    return this.#address[thread] !== 0;
  }

  /** The thread leaves its address space: clears the word and wakes one waiter. */
  release(thread: number): void {
    const address = this.#address[thread]!;
    if (address === 0) return;
    this.#address[thread] = 0;
    this.#user.put32(address, 0);
    if (!this.#user.failed) this.#futexes.wakeOne(thread, address);
  }
}
