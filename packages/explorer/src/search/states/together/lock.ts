const FREE = 0;
const TAKEN = 1;

/** How long a thread sleeps at most before it looks again, in milliseconds. */
const NAP_MS = 1;

/** Tries before a thread sleeps: what is locked takes microseconds. */
const TRIES = 1000;

/** A word of shared memory that one thread holds at a time. */
export class Lock {
  readonly #words: Int32Array;
  readonly #at: number;

  /** @param at which of the words it is; 0 at first */
  constructor(words: Int32Array, at: number) {
    this.#words = words;
    this.#at = at;
  }

  /** Waits until nobody else holds it. */
  take(): void {
    for (let tries = 1; !this.#isMine(); tries++)
      if (tries % TRIES === 0) Atomics.wait(this.#words, this.#at, TAKEN, NAP_MS);
  }

  /** Lets others have it. */
  leave(): void {
    Atomics.store(this.#words, this.#at, FREE);
  }

  #isMine(): boolean {
    return Atomics.compareExchange(this.#words, this.#at, FREE, TAKEN) === FREE;
  }
}
