/**
 * CPUs by a clock that only goes forward: a binary heap in typed arrays.
 *
 * Of equal clocks the lower CPU number comes first. A CPU's key may lag behind its clock; whoever
 * looks at the top brings that one up to date.
 */
export class ClockHeap {
  readonly #cpus: Int32Array;
  readonly #keys: Float64Array;
  readonly #isMember: Uint8Array;
  #size = 0;

  /** @param cpuLimit one more than the highest CPU number */
  constructor(cpuLimit: number) {
    this.#cpus = new Int32Array(cpuLimit);
    this.#keys = new Float64Array(cpuLimit);
    this.#isMember = new Uint8Array(cpuLimit);
  }

  /** How many CPUs are in the heap. */
  get size(): number {
    return this.#size;
  }

  /** Whether the CPU is in the heap. */
  has(cpu: number): boolean {
    return this.#isMember[cpu] === 1;
  }

  /** The CPU that is furthest behind, or -1. */
  top(): number {
    return this.#size === 0 ? -1 : this.#cpus[0]!;
  }

  /** The key of a CPU in the heap. */
  keyOf(cpu: number): number {
    return this.#keys[cpu]!;
  }

  /** The least key of all but the top; Infinity when there is no other. */
  secondKey(): number {
    const left = this.#size > 1 ? this.#keys[this.#cpus[1]!]! : Infinity;
    const right = this.#size > 2 ? this.#keys[this.#cpus[2]!]! : Infinity;
    return left < right ? left : right;
  }

  /** Adds a CPU that is not in the heap. */
  add(cpu: number, key: number): void {
    this.#keys[cpu] = key;
    this.#isMember[cpu] = 1;
    let index = this.#size++;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#cpus[above]!;
      if (!this.#before(cpu, parent)) break;
      this.#cpus[index] = parent;
      index = above;
    }
    this.#cpus[index] = cpu;
  }

  /** Gives the top a later key. */
  advanceTop(key: number): void {
    const cpu = this.#cpus[0]!;
    this.#keys[cpu] = key;
    this.#sink(cpu);
  }

  /** Takes the top out. */
  removeTop(): void {
    this.#isMember[this.#cpus[0]!] = 0;
    this.#size -= 1;
    if (this.#size > 0) this.#sink(this.#cpus[this.#size]!);
  }

  /** Takes all out. */
  clear(): void {
    this.#isMember.fill(0);
    this.#size = 0;
  }

  #before(a: number, b: number): boolean {
    const difference = this.#keys[a]! - this.#keys[b]!;
    return difference < 0 || (difference === 0 && a < b);
  }

  #sink(cpu: number): void {
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= this.#size) break;
      if (below + 1 < this.#size && this.#before(this.#cpus[below + 1]!, this.#cpus[below]!))
        below += 1;
      const child = this.#cpus[below]!;
      if (!this.#before(child, cpu)) break;
      this.#cpus[index] = child;
      index = below;
    }
    this.#cpus[index] = cpu;
  }
}
