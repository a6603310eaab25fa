/**
 * Which word of a state says what.
 *
 * | slots            | hold                                                     |
 * | ---------------- | -------------------------------------------------------- |
 * | `kernel`         | number of all that the kernel keeps                      |
 * | `marks`          | number of the list of CPUs that are not in user mode yet |
 * | `common`         | number of what the kernel keeps of no thread or CPU      |
 * | `own(thread)`    | number of what it keeps of a thread                      |
 * | `cpu(cpu)`       | number of what it keeps of a CPU                         |
 * | `thread(thread)` | number of the thread's own words and of what it received |
 * | `entry(thread)`  | number of how the thread came into the kernel            |
 * | from `memory` on | words of memory                                          |
 *
 * What is between `common` and the threads follows from `kernel`: it is there to be read apart. Between
 * transitions there are no marks. How a thread came into the kernel counts only while it is there.
 */
export class StateLayout {
  readonly kernel = 0;
  readonly marks = 1;
  readonly common = 2;
  /** How many threads there are. */
  readonly threads: number;
  /** One more than the highest number of a CPU. */
  readonly cpus: number;
  /** The first slot of memory. */
  readonly memory: number;
  readonly #firstCpu: number;
  readonly #firstThread: number;
  readonly #firstEntry: number;

  /**
   * @param threads how many there are
   * @param cpus one more than the highest number
   */
  constructor(threads: number, cpus: number) {
    this.threads = threads;
    this.cpus = cpus;
    this.#firstCpu = this.common + 1 + threads;
    this.#firstThread = this.#firstCpu + cpus;
    this.#firstEntry = this.#firstThread + threads;
    this.memory = this.#firstEntry + threads;
  }

  /** The slot of what the kernel keeps of a thread. */
  own(thread: number): number {
    return this.common + 1 + thread;
  }

  /** The thread of which a slot holds what the kernel keeps, or -1. */
  ownerOf(slot: number): number {
    return slot > this.common && slot < this.#firstCpu ? slot - this.common - 1 : -1;
  }

  /** The slot of what the kernel keeps of a CPU. */
  cpu(cpu: number): number {
    return this.#firstCpu + cpu;
  }

  /** The slot of a thread's own words. */
  thread(thread: number): number {
    return this.#firstThread + thread;
  }

  /** The slot of how a thread came into the kernel. */
  entry(thread: number): number {
    return this.#firstEntry + thread;
  }
}
