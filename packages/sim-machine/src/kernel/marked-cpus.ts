/** CPUs that have something to do before their next instruction; each at most once. */
export class MarkedCpus {
  readonly #order: Int32Array;
  readonly #isMarked: Int32Array;
  #count = 0;

  constructor(cpuCapacity: number) {
    this.#order = new Int32Array(cpuCapacity);
    this.#isMarked = new Int32Array(cpuCapacity);
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Adds a CPU. */
  mark(cpu: number): void {
    if (this.#isMarked[cpu] === 1) return;
    this.#isMarked[cpu] = 1;
    this.#order[this.#count++] = cpu;
  }

  /** Takes out the CPU that was marked last, or -1. */
  take(): number {
    if (this.#count === 0) return -1;
    const cpu = this.#order[--this.#count]!;
    this.#isMarked[cpu] = 0;
    return cpu;
  }

  /** Writes the CPUs in the order in which they were marked; how many. */
  list(out: Int32Array): number {
    for (let i = 0; i < this.#count; i++) out[i] = this.#order[i]!;
    return this.#count;
  }

  /** Forgets all. */
  reset(): void {
    while (this.take() >= 0);
  }
}
