import type { StateArena } from '../base/state-arena.js';

/** Words that are counted together. */
const GROUP_WORDS = 32;

/**
 * Which threads are queued on which CPU, as one bit a thread and CPU: the n-th of a CPU by ascending
 * id is found without looking at those before it.
 *
 * Everything here follows from the run queues.
 */
export class QueuedThreads {
  readonly #bits: Int32Array;
  readonly #counts: Int32Array;
  readonly #wordsPerCpu: number;
  readonly #groupsPerCpu: number;

  /** @param cpus one more than the highest CPU id */
  constructor(arena: StateArena, threads: number, cpus: number) {
    this.#wordsPerCpu = Math.ceil(threads / 32);
    this.#groupsPerCpu = Math.ceil(this.#wordsPerCpu / GROUP_WORDS);
    this.#bits = arena.column('sched.queuedBits', cpus * this.#wordsPerCpu, 'accounting');
    this.#counts = arena.column('sched.queuedCounts', cpus * this.#groupsPerCpu, 'accounting');
  }

  /** A thread that was not is queued on the CPU. */
  add(cpu: number, thread: number): void {
    this.#bits[cpu * this.#wordsPerCpu + (thread >>> 5)]! |= 1 << (thread & 31);
    this.#counts[cpu * this.#groupsPerCpu + (thread >>> 10)]! += 1;
  }

  /** A thread that was is not queued on the CPU any more. */
  remove(cpu: number, thread: number): void {
    this.#bits[cpu * this.#wordsPerCpu + (thread >>> 5)]! &= ~(1 << (thread & 31));
    this.#counts[cpu * this.#groupsPerCpu + (thread >>> 10)]! -= 1;
  }

  /** The thread with the given place among those of the CPU, by ascending id; it must exist. */
  at(cpu: number, place: number): number {
    const counts = this.#counts;
    const words = this.#bits;
    const firstGroup = cpu * this.#groupsPerCpu;
    const firstWord = cpu * this.#wordsPerCpu;
    let before = place;
    let group = 0;
    while (before >= counts[firstGroup + group]!) before -= counts[firstGroup + group++]!;
    let word = group * GROUP_WORDS;
    let count = population(words[firstWord + word]!);
    while (before >= count) {
      before -= count;
      count = population(words[firstWord + ++word]!);
    }
    let bits = words[firstWord + word]!;
    for (; before > 0; before--) bits &= bits - 1;
    return word * 32 + 31 - Math.clz32(bits & -bits);
  }
}

/** How many bits of a word are set. */
function population(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
