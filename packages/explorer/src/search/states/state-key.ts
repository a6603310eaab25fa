/** By what states are told apart: 64 or 128 bits of a hash, or all there is of them. */
export type StateIdentity = 64 | 128 | 'whole';

/** Every {@link StateIdentity}. */
export const STATE_IDENTITIES: readonly StateIdentity[] = [64, 128, 'whole'];

/** The numbers of a state's parts. */
interface KeyedState {
  readonly kernel: number;
  readonly memory: number;
  readonly threads: Int32Array;
}

/** Numbers that tell a state apart, besides those of its threads. */
const NUMBERS = 4;

/** An odd multiplier for each lane of a hash. */
const PRIMES: readonly number[] = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f];

/**
 * What tells a state apart: the numbers of its parts, or a hash of them.
 *
 * Numbers are given out by one search and mean nothing to another.
 */
export class StateKey {
  /** The key as it was last computed. */
  readonly words: Int32Array;
  readonly #isWhole: boolean;
  /** The numbers of which it is made. */
  readonly #numbers: Int32Array;

  /** @param threads how many there are */
  constructor(identity: StateIdentity, threads: number) {
    this.#isWhole = identity === 'whole';
    this.#numbers = new Int32Array(NUMBERS + threads);
    this.words = identity === 'whole' ? this.#numbers : new Int32Array(identity / 32);
  }

  /**
   * Computes the key of a state.
   *
   * @param entries what counts of how threads came into the kernel
   * @param events kernel events on the way, where they count
   */
  compute({ kernel, memory, threads }: KeyedState, entries: number, events: number): Int32Array {
    const numbers = this.#numbers;
    numbers[0] = kernel;
    numbers[1] = memory;
    numbers[2] = entries;
    numbers[3] = events;
    for (let i = NUMBERS; i < numbers.length; i++) numbers[i] = threads[i - NUMBERS]!;
    if (this.#isWhole) return numbers;
    for (let lane = 0; lane < this.words.length; lane += 2) this.#hash(lane);
    return this.words;
  }

  /** Computes two lanes of a hash, side by side. */
  #hash(lane: number): void {
    const numbers = this.#numbers;
    const primeA = PRIMES[lane]!;
    const primeB = PRIMES[lane + 1]!;
    let a = primeB;
    let b = primeA;
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i]!;
      a = Math.imul(a ^ number, primeA);
      b = Math.imul(b ^ number, primeB);
      a ^= a >>> 15;
      b ^= b >>> 13;
    }
    a = Math.imul(a, 0xcc9e2d51);
    b = Math.imul(b, 0x1b873593);
    this.words[lane] = a ^ (a >>> 16);
    this.words[lane + 1] = b ^ (b >>> 15);
  }
}
