import type { MovingState } from './moving-state.js';
import type { StateLayout } from './state-layout.js';
import { NodeKind } from './transition-memo.js';
import type { TransitionMemo } from './transition-memo.js';

/**
 * Where to look up how a CPU settles, once all was read that follows from what the kernel keeps: that is
 * read first, and the same in many states.
 */
export class SettleNodes {
  readonly #memo: TransitionMemo;
  readonly #roots: readonly number[];
  readonly #layout: StateLayout;
  /** By number of what the kernel keeps, and by CPU; -1 is not known yet. */
  readonly #nodes: number[] = [];

  /** @param roots where the memo starts, by CPU */
  constructor(memo: TransitionMemo, roots: readonly number[], layout: StateLayout) {
    this.#memo = memo;
    this.#roots = roots;
    this.#layout = layout;
  }

  /** The node for a CPU that settles in a state, or -1 where no such state was met. */
  node(cpu: number, state: MovingState): number {
    const nodes = this.#nodes;
    const at = state.kernel * this.#layout.cpus + cpu;
    while (nodes.length <= at) nodes.push(-1);
    const known = nodes[at]!;
    return known >= 0 ? known : this.#look(cpu, state, at);
  }

  #look(cpu: number, state: MovingState, at: number): number {
    const memo = this.#memo;
    const { marks } = this.#layout;
    const first = this.#layout.thread(0);
    let node = this.#roots[cpu]!;
    while (node >= 0 && memo.kindOf(node) === NodeKind.Read) {
      const slot = memo.operandOf(node);
      if (slot >= first || slot === marks) break;
      node = memo.branch(node, state.read(slot));
    }
    if (node >= 0 && memo.kindOf(node) !== NodeKind.Unknown) this.#nodes[at] = node;
    return node;
  }
}
