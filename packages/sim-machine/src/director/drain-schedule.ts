/**
 * When the buffered stores of each CPU are due to reach memory: a queue of CPUs, each at most once.
 *
 * CPUs join in about the order of their clocks, so the one in front is due first or close to it.
 */
export class DrainSchedule {
  readonly #ring: Int32Array;
  readonly #dueCycles: Float64Array;
  readonly #isMember: Uint8Array;
  #first = 0;
  #size = 0;

  /** @param cpuLimit one more than the highest CPU number */
  constructor(cpuLimit: number) {
    this.#ring = new Int32Array(cpuLimit);
    this.#dueCycles = new Float64Array(cpuLimit);
    this.#isMember = new Uint8Array(cpuLimit);
  }

  /** Adds a CPU, unless its stores are due already. */
  add(cpu: number, dueCycles: number): void {
    if (this.#isMember[cpu] === 1) return;
    this.#isMember[cpu] = 1;
    this.#dueCycles[cpu] = dueCycles;
    this.#ring[(this.#first + this.#size) % this.#ring.length] = cpu;
    this.#size += 1;
  }

  /** When the first CPU's stores are due; Infinity when there is none. */
  dueCycles(): number {
    return this.#size === 0 ? Infinity : this.#dueCycles[this.first()]!;
  }

  /** The CPU whose stores are due first. */
  first(): number {
    return this.#ring[this.#first]!;
  }

  /** Takes the first CPU out. */
  remove(): void {
    this.#isMember[this.first()] = 0;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#size -= 1;
  }

  /** Takes all out. */
  clear(): void {
    this.#isMember.fill(0);
    this.#first = 0;
    this.#size = 0;
  }
}
