/**
 * Where a process keeps the code that it names to the kernel by an index: signal handlers, and the
 * programs of threads to be made.
 *
 * On Linux they are addresses of machine code. Here they are generator functions, which have no
 * address, so that user code registers a function and hands the index over instead. The index
 * depends on nothing but what the registering thread itself did before: two schedules never give one
 * index to two different functions. It is never 0 or 1, which are SIG_DFL and SIG_IGN.
 */
export class ProgramTable {
  readonly #programs = new Map<number, unknown>();

  /**
   * Registers a function for a thread; the same index again for the same function.
   *
   * @param thread slot of the registering thread
   */
  register(thread: number, program: unknown): number {
    let index = firstIndex(thread);
    for (; this.#programs.has(index); index++)
      if (this.#programs.get(index) === program) return index;
    this.#programs.set(index, program);
    return index;
  }

  /**
   * Registers a function under an index of its own, until it is released.
   *
   * @param thread slot of the registering thread
   */
  add(thread: number, program: unknown): number {
    let index = firstIndex(thread);
    while (this.#programs.has(index)) index += 1;
    this.#programs.set(index, program);
    return index;
  }

  /** What is registered under an index, or undefined. */
  at(index: number): unknown {
    return this.#programs.get(index);
  }

  /** Forgets one function; the index may be given out again. */
  release(index: number): void {
    this.#programs.delete(index);
  }

  /** Takes over everything that another table holds, as a forked child does. */
  copyFrom(other: ProgramTable): void {
    this.clear();
    for (const [index, program] of other.#programs) this.#programs.set(index, program);
  }

  /** Forgets everything. */
  clear(): void {
    if (this.#programs.size > 0) this.#programs.clear();
  }
}

/** Indexes of a thread begin here; a thread with more functions runs into those of the next slot. */
function firstIndex(thread: number): number {
  return (thread + 1) * 4096;
}
