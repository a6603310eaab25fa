import { Combinations } from './combinations.js';
import { EdgeTable } from './edge-table.js';
import type { MovingState } from './moving-state.js';
import type { StateParts } from './state-parts.js';

/** Stands for how a thread came into the kernel that is not there. */
const NOT_IN_KERNEL = -1;

/** Numbers what counts of how threads came into the kernel: how those did that are there. */
export class CountedEntries {
  /** Combinations of entries, -1 for each thread that is not in the kernel. */
  readonly all: Combinations;
  readonly #parts: StateParts;
  readonly #state: MovingState;
  /** By number of all entries, and by who is in the kernel. */
  readonly #known = new EdgeTable();

  constructor(parts: StateParts, state: MovingState) {
    this.#parts = parts;
    this.#state = state;
    const { threads } = parts.layout;
    this.all = new Combinations(Array.from({ length: threads }, () => NOT_IN_KERNEL));
  }

  /** The number of what counts in the present state. */
  number(): number {
    const { kernel, entries } = this.#state;
    const inKernel = this.#parts.kernel.inKernel(kernel);
    if (inKernel === 0) return 0;
    const known = this.#known.find(entries, inKernel);
    return known >= 0 ? known : this.#count(entries, inKernel);
  }

  #count(entries: number, inKernel: number): number {
    const words = new Int32Array(this.#parts.layout.threads);
    this.#state.allEntries.read(entries, words, 0);
    const effects: number[] = [];
    for (let thread = 0; thread < words.length; thread++)
      if (((inKernel >>> thread) & 1) === 1) effects.push(thread, words[thread]!);
    const counted = this.all.after(0, this.all.change(effects));
    this.#known.add(entries, inKernel, counted);
    return counted;
  }
}
