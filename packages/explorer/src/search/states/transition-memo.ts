import { EdgeTable } from './edge-table.js';
import { Unsuitable } from './unsuitable.js';

/** So few that arrays grow before V8 takes them for constants: see docs/decisions/0084. */
const INITIAL_NODES = 1 << 4;
const INITIAL_EFFECTS = 1 << 6;

/** What a node of the memo is. */
export const NodeKind = { Unknown: 0, Read: 1, Choice: 2, Leaf: 3 } as const;

/** A node is a word: its kind in so many lowest bits, its operand above. */
export const KIND_BITS = 2;

/** The bits of a node's kind. */
export const KIND_MASK: number = (1 << KIND_BITS) - 1;

/** What a transition read of a state, was asked, and changed. */
export interface Transition {
  /** Slots of the state that it depended on. */
  readonly reads: readonly number[];
  /** How many answers each question had that came up in it. */
  readonly questions: readonly number[];
  /** The answers that were given. */
  readonly answers: readonly number[];
  /** What it changed: (slot, value), one behind the other. */
  readonly effects: readonly number[];
}

/**
 * What transitions do, by what they read: a trie for every kind of transition.
 *
 * A node asks for a slot of the state, or for the answer to a question; a leaf says what changes. So a
 * transition is carried out on the machine once for all states that agree in what it reads.
 *
 * Invariant: which slot is read next follows from the values read before.
 */
export class TransitionMemo {
  /** Effects of leaves: how many words, then (slot, value). */
  effects: Int32Array = new Int32Array(INITIAL_EFFECTS);
  #used = 0;
  /** The nodes: see {@link KIND_BITS}. Grows, as do the effects: nobody may keep them. */
  nodes: Int32Array = new Int32Array(INITIAL_NODES);
  /** Where (node, what a slot holds or an answer) leads. */
  readonly edges: EdgeTable = new EdgeTable();
  readonly #roots = new Map<number, number>();
  #count = 0;

  /** How many transitions were carried out. */
  leaves = 0;

  /** The first node of a kind of transition. */
  root(kind: number): number {
    const found = this.#roots.get(kind);
    if (found !== undefined) return found;
    const node = this.#node();
    this.#roots.set(kind, node);
    return node;
  }

  /** A {@link NodeKind}. */
  kindOf(node: number): number {
    return this.nodes[node]! & KIND_MASK;
  }

  /** Answers to the question of a Choice; where a Leaf's effects start. */
  operandOf(node: number): number {
    return this.nodes[node]! >> KIND_BITS;
  }

  /** Where an answer, or what a slot holds, leads; -1 when it never came. */
  branch(node: number, answer: number): number {
    return this.edges.find(node, answer);
  }

  /** Follows what a state holds, to a Choice, a Leaf or an Unknown; -1 where no such state was met. */
  follow(from: number, state: Int32Array): number {
    let node = from;
    while (node >= 0 && this.kindOf(node) === NodeKind.Read)
      node = this.edges.find(node, state[this.operandOf(node)]!);
    return node;
  }

  /** Notes a transition that was carried out in a state. */
  insert(root: number, state: Int32Array, transition: Transition): void {
    const { questions, answers, effects } = transition;
    const reads = [...transition.reads];
    let asked = 0;
    let node = root;
    for (;;) {
      if (this.kindOf(node) === NodeKind.Unknown) {
        if (reads.length > 0) this.#become(node, NodeKind.Read, reads[0]!);
        else if (asked < questions.length) this.#become(node, NodeKind.Choice, questions[asked]!);
        else {
          this.#become(node, NodeKind.Leaf, this.#write(effects));
          this.leaves += 1;
          return;
        }
      }
      const operand = this.operandOf(node);
      if (this.kindOf(node) === NodeKind.Read) {
        const at = reads.indexOf(operand);
        if (at >= 0) reads.splice(at, 1);
        node = this.#child(node, state[operand]!);
      } else {
        if (this.kindOf(node) !== NodeKind.Choice || questions[asked] !== operand)
          throw new Unsuitable('a transition depends on what it is not known to read');
        node = this.#child(node, answers[asked++]!);
      }
    }
  }

  #child(node: number, value: number): number {
    const found = this.edges.find(node, value);
    if (found >= 0) return found;
    const child = this.#node();
    this.edges.add(node, value, child);
    return child;
  }

  #become(node: number, kind: number, operand: number): void {
    this.nodes[node] = (operand << KIND_BITS) | kind;
  }

  #node(): number {
    if (this.#count === this.nodes.length) {
      const nodes = new Int32Array(this.#count * 2);
      nodes.set(this.nodes);
      this.nodes = nodes;
    }
    return this.#count++;
  }

  #write(effects: readonly number[]): number {
    const start = this.#used;
    this.#used += effects.length + 1;
    if (this.#used > this.effects.length) {
      const larger = new Int32Array(this.#used * 2);
      larger.set(this.effects);
      this.effects = larger;
    }
    this.effects[start] = effects.length;
    this.effects.set(effects, start + 1);
    return start;
  }
}
