import { NO_CHANGE } from './combinations.js';
import { DecisionField } from './decision-lists.js';
import { edgeOf } from './edge-table.js';
import type { Frontier } from './frontier.js';
import { LeafField, SAME } from './leaf.js';
import type { MovingState } from './moving-state.js';
import type { PhaseNodes } from './phase-nodes.js';
import type { StateParts } from './state-parts.js';
import { KIND_BITS, KIND_MASK, NodeKind } from './transition-memo.js';
import type { TransitionMemo } from './transition-memo.js';

/** Words that hold threads' parts before they were changed, a thread and its part for each change. */
const CHANGED_WORDS = 1 << 8;

/** Stands for what is not known. */
const UNKNOWN = -1;

/**
 * Takes transitions of which all is known: what every phase does, and what its changes lead to.
 *
 * Nearly all transitions of a long search are of that kind, so that all that is done here is to look words up in
 * arrays. A transition of which not all is known is left to those who can find it out.
 */
export class KnownTransitions {
  readonly #memo: TransitionMemo;
  readonly #nodes: PhaseNodes;
  readonly #parts: StateParts;
  readonly #frontier: Frontier;
  readonly #state: MovingState;
  /** Threads' parts before they were changed: (thread, part). */
  readonly #before = new Int32Array(CHANGED_WORDS);
  #changes = 0;

  constructor(memo: TransitionMemo, nodes: PhaseNodes, parts: StateParts, frontier: Frontier) {
    this.#memo = memo;
    this.#nodes = nodes;
    this.#parts = parts;
    this.#frontier = frontier;
    this.#state = frontier.present;
  }

  /**
   * Takes a decision of the present state's list; false where not all of that is known.
   *
   * @param fields of the list
   * @param at where the decision's are
   */
  take(fields: Int32Array, at: number, isEvent: boolean): boolean {
    const state = this.#state;
    const { kernel, entries, memory } = state;
    const isKnown = this.#move(this.#nodes.decision(fields, at, state));
    if (isKnown) this.#frontier.take(fields[at + DecisionField.Label]!, isEvent);
    this.#undo();
    state.kernel = kernel;
    state.marks = 0;
    state.entries = entries;
    state.memory = memory;
    return isKnown;
  }

  /** Moves the present state through all phases, of which the first is at a node; false where it got stuck. */
  #move(from: number): boolean {
    const state = this.#state;
    const { effects } = this.#memo;
    const { kernel, marks } = this.#parts;
    const { settling } = this.#nodes;
    const { cpus } = this.#parts.layout;
    let isSettling = false;
    let node = from;
    for (;;) {
      node = this.#follow(node);
      if (node < 0) return false;
      const leaf = this.#memo.operandOf(node) + 1;
      if (!this.#change(effects, leaf)) return false;
      const list = effects[leaf + LeafField.Marks]!;
      if (list !== SAME) state.marks = list;
      else if (isSettling) state.marks = marks.rests.words[state.marks]!;
      if (state.marks === 0) return true;
      const at = state.kernel * cpus + marks.firsts.words[state.marks]!;
      isSettling = kernel.executing.words[at]! >= 0;
      node = at < settling.length ? settling.words[at]! : UNKNOWN;
    }
  }

  /** Follows what the state holds from a node to a leaf. */
  #follow(from: number): number {
    const { nodes, edges } = this.#memo;
    const { entries } = edges;
    let node = from;
    while (node >= 0) {
      const word = nodes[node]!;
      const kind = word & KIND_MASK;
      if (kind === NodeKind.Leaf) return node;
      if (kind !== NodeKind.Read) return UNKNOWN;
      node = edgeOf(entries, node, this.#state.read(word >> KIND_BITS));
    }
    return UNKNOWN;
  }

  /** Makes the changes of a leaf, marks apart; false where it is not known what they lead to. */
  #change(effects: Int32Array, leaf: number): boolean {
    const state = this.#state;
    const { threads, allEntries, allMemory } = state;
    const kernel = this.#kernelAfter(effects, leaf);
    const entries = after(
      allEntries.known.entries,
      state.entries,
      effects[leaf + LeafField.Entries]!,
    );
    const memory = after(allMemory.known.entries, state.memory, effects[leaf + LeafField.Memory]!);
    if (kernel < 0 || entries < 0 || memory < 0) return false;
    state.kernel = kernel;
    state.entries = entries;
    state.memory = memory;
    const before = this.#before;
    const end = leaf + effects[leaf + LeafField.End]!;
    if (this.#changes + end - leaf > CHANGED_WORDS) return false;
    for (let at = leaf + LeafField.First; at < end; at += 2) {
      const thread = effects[at]!;
      before[this.#changes++] = thread;
      before[this.#changes++] = threads[thread]!;
      threads[thread] = effects[at + 1]!;
    }
    return true;
  }

  #kernelAfter(effects: Int32Array, leaf: number): number {
    const { kernel } = this.#state;
    const all = effects[leaf + LeafField.Kernel]!;
    if (all !== SAME) return all;
    const owner = effects[leaf + LeafField.Owner]!;
    if (owner === SAME) return kernel;
    const { kernel: kernels, layout } = this.#parts;
    const from = kernel * layout.threads + owner;
    return edgeOf(kernels.successors.entries, from, effects[leaf + LeafField.Own]!);
  }

  #undo(): void {
    const { threads } = this.#state;
    const before = this.#before;
    for (let at = this.#changes - 2; at >= 0; at -= 2) threads[before[at]!] = before[at + 1]!;
    this.#changes = 0;
  }
}

/** The combination that a change makes of another, by what is known; {@link UNKNOWN} where it is not. */
function after(known: Int32Array, combination: number, change: number): number {
  return change === NO_CHANGE ? combination : edgeOf(known, combination, change);
}
