import type { AcceptCpu } from './cpu-ranking.js';

/** Deepest tree: 4096 leaves and one spare level. */
const STACK_SIZE = 64;

/**
 * A tournament over a fixed list of CPUs: the least of their numbers is found from the top down.
 *
 * A change costs O(log n). A search costs O(log n) when the best CPU is accepted, and more only by
 * as many better ones as are refused.
 */
export class Tournament {
  readonly #cpus: Int32Array;
  readonly #leaves: number;
  readonly #least: Float64Array;
  readonly #stack = new Int32Array(STACK_SIZE);
  #visits = 0;

  /** @param cpus ids, ascending; their numbers are 0 at first */
  constructor(cpus: readonly number[]) {
    let leaves = 1;
    while (leaves < cpus.length) leaves *= 2;
    this.#leaves = leaves;
    this.#cpus = Int32Array.from(cpus);
    this.#least = new Float64Array(2 * leaves);
    this.fill(0);
  }

  /** Nodes looked at since construction. */
  get visits(): number {
    return this.#visits;
  }

  /** Gives every CPU the same number. */
  fill(value: number): void {
    this.#least.fill(value);
    this.#least.fill(Infinity, this.#leaves + this.#cpus.length);
    for (let node = this.#leaves - 1; node > 0; node--)
      this.#least[node] = Math.min(this.#least[2 * node]!, this.#least[2 * node + 1]!);
  }

  /** Gives the CPU at this index of the list another number; `Infinity` keeps it out. */
  update(index: number, value: number): void {
    const least = this.#least;
    let node = this.#leaves + index;
    least[node] = value;
    while (node > 1) {
      this.#visits++;
      const sibling = least[node ^ 1]!;
      const own = least[node]!;
      const winner = own < sibling ? own : sibling;
      node >>>= 1;
      if (least[node] === winner) return;
      least[node] = winner;
    }
  }

  /** The accepted CPU with the least number, the lowest id among equals; -1 when there is none. */
  lowest(accept: AcceptCpu, subject: number): number {
    const least = this.#least;
    const stack = this.#stack;
    const leaves = this.#leaves;
    let depth = 0;
    let best = -1;
    let bestValue = Infinity;
    stack[depth++] = 1;
    while (depth > 0) {
      const node = stack[--depth]!;
      this.#visits++;
      const value = least[node]!;
      if (value > bestValue || value === Infinity) continue;
      if (value === bestValue && this.#firstLeaf(node) > best) continue;
      if (node < leaves) {
        // The better half is searched first, the left one of equals.
        const better = least[2 * node + 1]! < least[2 * node]! ? 1 : 0;
        stack[depth++] = 2 * node + (1 - better);
        stack[depth++] = 2 * node + better;
      } else if (accept(this.#cpus[node - leaves]!, subject)) {
        best = node;
        bestValue = value;
      }
    }
    return best < 0 ? -1 : this.#cpus[best - leaves]!;
  }

  #firstLeaf(node: number): number {
    return node << (Math.clz32(node) - Math.clz32(this.#leaves));
  }
}
