import { DecisionField } from './decision-lists.js';
import type { MovingState } from './moving-state.js';
import type { StateLayout } from './state-layout.js';
import { NodeKind } from './transition-memo.js';
import type { TransitionMemo } from './transition-memo.js';
import { WordList } from './word-list.js';

/** Roots of the memo: below SETTLE_ROOT those of CPUs that settle, below ACCESS_ROOT accesses of threads. */
const SETTLE_ROOT = -1;
const ACCESS_ROOT = -1 - (1 << 16);

/**
 * Where to look up what a phase does: by its thread's part for an access, for a CPU that settles once all was
 * read that follows from what the kernel keeps, and for any other decision by what the kernel keeps.
 *
 * That is what they read first, and the same in many states.
 */
export class PhaseNodes {
  /** Nodes of accesses, by number of the thread's part; -1 is not known. */
  readonly accesses: WordList = new WordList();
  /** Nodes of CPUs that settle, by number of what the kernel keeps, and by CPU; -1 is not known yet. */
  readonly settling: WordList = new WordList();
  readonly #memo: TransitionMemo;
  readonly #layout: StateLayout;
  readonly #accessRoots: number[] = [];
  readonly #settleRoots: number[] = [];

  constructor(memo: TransitionMemo, layout: StateLayout) {
    this.#memo = memo;
    this.#layout = layout;
    for (let thread = 0; thread < layout.threads; thread++)
      this.#accessRoots.push(memo.root(ACCESS_ROOT - thread));
    for (let cpu = 0; cpu < layout.cpus; cpu++)
      this.#settleRoots.push(memo.root(SETTLE_ROOT - cpu));
  }

  /** The root under which accesses of a thread are kept. */
  accessRoot(thread: number): number {
    return this.#accessRoots[thread]!;
  }

  /** The root under which it is kept how a CPU settles. */
  settleRoot(cpu: number): number {
    return this.#settleRoots[cpu]!;
  }

  /** The node for an access by a thread's part, or -1 where it is not known that it is one. */
  access(part: number): number {
    return part < this.accesses.length ? this.accesses.words[part]! : -1;
  }

  /** Notes that it is known what an access does for a thread's part. */
  noteAccess(thread: number, part: number): void {
    this.accesses.fill(part + 1, -1);
    this.accesses.words[part] = this.#memo.branch(this.#accessRoots[thread]!, part);
  }

  /**
   * The node for a decision of a list in a state with that list, or -1 where no such state was met.
   *
   * @param fields of the list
   * @param at where the decision's are
   */
  decision(fields: Int32Array, at: number, { kernel, threads }: MovingState): number {
    const thread = fields[at + DecisionField.Mover]!;
    if (thread >= 0) {
      const access = this.access(threads[thread]!);
      if (access >= 0) return access;
    }
    const known = fields[at + DecisionField.Node]!;
    if (known >= 0) return known;
    const memo = this.#memo;
    const root = memo.root(fields[at + DecisionField.Decision]! >>> 0);
    if (memo.kindOf(root) !== NodeKind.Read || memo.operandOf(root) !== this.#layout.kernel)
      return root;
    // All states with the same list agree in what the kernel keeps.
    const node = memo.branch(root, kernel);
    fields[at + DecisionField.Node] = node;
    return node;
  }

  /** The node for a CPU that settles in a state, or -1 where no such state was met. */
  settle(cpu: number, state: MovingState): number {
    const at = state.kernel * this.#layout.cpus + cpu;
    this.settling.fill(at + 1, -1);
    const known = this.settling.words[at]!;
    return known >= 0 ? known : this.#look(cpu, state, at);
  }

  #look(cpu: number, state: MovingState, at: number): number {
    const memo = this.#memo;
    const { marks } = this.#layout;
    const first = this.#layout.thread(0);
    let node = this.#settleRoots[cpu]!;
    while (node >= 0 && memo.kindOf(node) === NodeKind.Read) {
      const slot = memo.operandOf(node);
      if (slot >= first || slot === marks) break;
      node = memo.branch(node, state.read(slot));
    }
    if (node >= 0 && memo.kindOf(node) !== NodeKind.Unknown) this.settling.words[at] = node;
    return node;
  }
}
