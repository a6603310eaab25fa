import { OperationKind } from '@rseqlab/sim-machine';
import type { Machine, ThreadImage } from '@rseqlab/sim-machine';
import { ComponentTable } from './component-table.js';
import { EdgeTable } from './edge-table.js';
import { Unsuitable } from './unsuitable.js';
import { WordList } from './word-list.js';

/** The opcode of `rdpid`: the CPU's number is the kernel's to know, its clock is not kept. */
const CPU_NUMBER = 61;

/** Words of a thread at most, with room to spare. */
const MOST_WORDS = 64;

/** Stands for a thread that waits for a word: what it can do depends on that. */
export const AWAITS = -1;

/** What has to be known of a number of a thread's part to list decisions. */
export interface ThreadFacts {
  /** 0, or 2 in front of an exit. */
  readonly kind: number;
  /** Address of the word that the thread waits for, or -1. */
  readonly awaits: number;
  /** The value that keeps it waiting. */
  readonly value: number;
  /** The thread's words, to return to. */
  readonly image: ThreadImage;
  /** What the thread's program has received so far, as a node of a trie. */
  readonly history: number;
}

/**
 * Numbers of what threads have for themselves, and of how they came into the kernel.
 *
 * What a program has received so far is numbered too: as a path in a trie, of which each node is what
 * was received since the node before.
 */
export class ThreadParts {
  readonly facts: ThreadFacts[] = [];
  /** By part: its kind, or {@link AWAITS}; looked up for every state, in which facts would take longer. */
  readonly kinds: WordList = new WordList();
  /** How threads came into the kernel. */
  readonly entries: Int32Array[] = [];
  readonly #machine: Machine;
  readonly #parts = new ComponentTable();
  readonly #entryTable = new ComponentTable();
  /** The trie of histories: the lanes that each node ends with, and what follows. */
  readonly #lanes: (readonly [number, number])[] = [[0, 0]];
  readonly #parents: number[] = [0];
  readonly #children = new EdgeTable();
  readonly #siblings: number[] = [-1];
  readonly #words = new Int32Array(MOST_WORDS);

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /**
   * The number of what a thread has for itself.
   *
   * @param before that in the state that the machine comes from, -1 at the start
   */
  look(thread: number, before: number): number {
    const words = this.#words;
    const length = this.#machine.state.threadWords(thread, words);
    // Of a thread that has exited nothing is left, and nothing of what it received.
    const history = length === 2 ? 0 : this.#historyOf(words[0]!, words[1]!, before);
    words[0] = thread;
    words[1] = history;
    const part = this.#parts.intern(words, length);
    if (part === this.facts.length) this.#add(this.#factsOf(thread, history));
    return part;
  }

  /** The number of how a thread came into the kernel. */
  lookAtEntry(thread: number): number {
    const length = this.#machine.state.entryWords(thread, this.#words);
    return this.adoptEntry(this.#words.subarray(0, length));
  }

  /** The words of a part: the thread, the node of what it received, what tells the part apart besides. */
  words(part: number): Int32Array {
    return this.#parts.words(part);
  }

  /** The number of a part of which somebody else knows all; see {@link words}. */
  adopt(words: Int32Array, facts: ThreadFacts): number {
    const part = this.#parts.intern(words, words.length);
    if (part === this.facts.length) this.#add(facts);
    return part;
  }

  /** The number of how a thread came into the kernel. */
  adoptEntry(words: Int32Array): number {
    const entry = this.#entryTable.intern(words, words.length);
    if (entry === this.entries.length) this.entries.push(words.slice());
    return entry;
  }

  /** A node of what was received, other than the first: the node before, and the lanes that it ends with. */
  received(node: number): { readonly parent: number; readonly lanes: readonly [number, number] } {
    return { parent: this.#parents[node]!, lanes: this.#lanes[node]! };
  }

  #add(facts: ThreadFacts): void {
    this.facts.push(facts);
    this.kinds.push(facts.awaits < 0 ? facts.kind : AWAITS);
  }

  /** The node of a history that was `before`'s, and ends with these lanes. */
  #historyOf(low: number, high: number, before: number): number {
    const parent = before < 0 ? 0 : this.facts[before]!.history;
    return this.#endsWith(parent, low, high) ? parent : this.receive(parent, low, high);
  }

  /** The node of a history that goes on from another's, and ends with these lanes. */
  receive(parent: number, low: number, high: number): number {
    const first = this.#children.find(parent, low);
    for (let node = first; node >= 0; node = this.#siblings[node]!)
      if (this.#endsWith(node, low, high)) return node;
    const node = this.#lanes.push([low, high]) - 1;
    this.#parents.push(parent);
    this.#siblings.push(first < 0 ? -1 : this.#siblings[first]!);
    if (first < 0) this.#children.add(parent, low, node);
    else this.#siblings[first] = node;
    return node;
  }

  #endsWith(node: number, low: number, high: number): boolean {
    const lanes = this.#lanes[node]!;
    return lanes[0] === low && lanes[1] === high;
  }

  #factsOf(thread: number, history: number): ThreadFacts {
    const { state } = this.#machine;
    const { kind, opcode, address, value } = state.pending(thread);
    if (kind === OperationKind.Query && opcode !== CPU_NUMBER)
      throw new Unsuitable('clocks are in no part of a state');
    const known = { history, image: state.back.threadImage(thread) };
    if (kind === OperationKind.Await) return { ...known, kind: 0, awaits: address & ~3, value };
    return { ...known, kind: state.exitsUnseen(thread) ? 2 : 0, awaits: -1, value: 0 };
  }
}
