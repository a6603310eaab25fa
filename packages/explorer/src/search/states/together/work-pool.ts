import { Lock } from './lock.js';

/** States that the pool has room for. */
const MOST_STATES = 128;

/** Words before the states. */
const Word = { Stop: 0, Hungry: 1, Left: 2, Lock: 3, Executions: 4, Count: 5, First: 6 } as const;

/** How long a thread sleeps at most until it looks for work again, in milliseconds. */
const NAP_MS = 2;

/** Naps without work after which a thread leaves. */
const MOST_NAPS = 10;

/**
 * Where threads that search together leave work for those who have none, and are told to stop.
 *
 * | word      | holds                                                          |
 * | --------- | -------------------------------------------------------------- |
 * | 0         | whether all are to stop                                        |
 * | 1         | how many threads have no work                                  |
 * | 2         | how many of these do not wait for any                          |
 * | 3         | the lock of who takes or leaves states                         |
 * | 4         | how many executions there were, in units                       |
 * | 5         | how many states there are                                      |
 * | from 6 on | states, by common numbers of their parts                       |
 */
export class WorkPool {
  /** Most states that can be left at a time. */
  readonly room: number = MOST_STATES;
  /** Whether this thread has no work. */
  isHungry = false;
  readonly #words: Int32Array;
  readonly #lock: Lock;
  readonly #stride: number;
  /** How many threads search together. */
  lanes = 1;
  /** Whether this thread waits for work for a while; not where all take turns in one thread. */
  waits = true;

  /**
   * @param memory of {@link WorkPool.memory}
   * @param stride words of a state
   */
  constructor(memory: SharedArrayBuffer, stride: number) {
    this.#words = new Int32Array(memory);
    this.#lock = new Lock(this.#words, Word.Lock);
    this.#stride = stride;
  }

  /** Memory for a pool of states of so many words. */
  static memory(stride: number): SharedArrayBuffer {
    const length = Word.First + MOST_STATES * stride;
    return new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT);
  }

  /** Tells all to stop, or that they may go on. */
  set isStopped(isStopped: boolean) {
    Atomics.store(this.#words, Word.Stop, isStopped ? 1 : 0);
    Atomics.notify(this.#words, Word.Count);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#words, Word.Stop) !== 0;
  }

  /** Whether somebody has no work, and there is none here. */
  get isWanted(): boolean {
    return (
      Atomics.load(this.#words, Word.Hungry) > 0 && Atomics.load(this.#words, Word.Count) === 0
    );
  }

  /** Whether somebody who has no work does not wait for any. */
  get isLeft(): boolean {
    return Atomics.load(this.#words, Word.Left) > 0;
  }

  /** Nobody has left any more; called while nobody searches. */
  begin(): void {
    this.#words[Word.Left] = 0;
    this.isStopped = false;
  }

  /** Everybody may have work again: another layer begins. Called while nobody searches. */
  beginLayer(): void {
    this.#words[Word.Hungry] = 0;
  }

  /** How many states there are. */
  get count(): number {
    return Atomics.load(this.#words, Word.Count);
  }

  /** Words of all states; nobody may take any meanwhile. */
  get states(): Int32Array {
    return this.#words.slice(Word.First, Word.First + this.count * this.#stride);
  }

  /** Adds so many units of executions; returns how many there are. */
  addExecutions(units: number): number {
    return Atomics.add(this.#words, Word.Executions, units) + units;
  }

  /** Leaves states for others; false where some are there already. */
  leave(states: Int32Array): boolean {
    this.#lock.take();
    const isFree = this.count === 0;
    if (isFree) {
      this.#words.set(states, Word.First);
      Atomics.store(this.#words, Word.Count, states.length / this.#stride);
    }
    this.#lock.leave();
    Atomics.notify(this.#words, Word.Count);
    return isFree;
  }

  /**
   * Takes what others left, and waits for it for a while; undefined when all are to stop, nobody has work any more, or
   * it takes too long.
   */
  fetch(): Int32Array | undefined {
    if (!this.isHungry) {
      this.isHungry = true;
      Atomics.add(this.#words, Word.Hungry, 1);
    }
    for (let naps = 0; ; naps++) {
      const { states, isOver } = this.#take();
      if (states !== undefined || isOver || this.isStopped) return states;
      if (!this.waits || naps === MOST_NAPS) {
        Atomics.add(this.#words, Word.Left, 1);
        return undefined;
      }
      Atomics.wait(this.#words, Word.Count, 0, NAP_MS);
    }
  }

  /** Takes all states; where there are none, says whether nobody will leave any. */
  #take(): { readonly states: Int32Array | undefined; readonly isOver: boolean } {
    this.#lock.take();
    const states = this.count === 0 ? undefined : this.states;
    const isOver = states === undefined && this.#words[Word.Hungry] === this.lanes;
    if (states !== undefined) {
      Atomics.store(this.#words, Word.Count, 0);
      Atomics.sub(this.#words, Word.Hungry, 1);
      this.isHungry = false;
    }
    this.#lock.leave();
    return { states, isOver };
  }
}
