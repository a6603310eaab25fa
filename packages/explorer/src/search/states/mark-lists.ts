import type { StatePhases } from '@rseqlab/sim-machine';
import { ComponentTable } from './component-table.js';
import { WordList } from './word-list.js';

const MOST_CPUS = 4096;

/** Numbers of lists of CPUs that are on their way to user mode; 0 is that of none. */
export class MarkLists {
  readonly #phases: StatePhases;
  readonly #table = new ComponentTable();
  readonly #lists: Int32Array[] = [];
  /** By list: the CPU that comes first, or -1. */
  readonly firsts: WordList = new WordList();
  /** By list: the list without that CPU. */
  readonly rests: WordList = new WordList();
  readonly #words = new Int32Array(MOST_CPUS);

  constructor(phases: StatePhases) {
    this.#phases = phases;
    this.#number(0);
  }

  /** The number of the machine's list. */
  look(): number {
    return this.#number(this.#phases.marks(this.#words));
  }

  /** The CPUs of a list; that which comes first is last. */
  at(list: number): Int32Array {
    return this.#lists[list]!;
  }

  /** The CPU that comes first, or -1. */
  first(list: number): number {
    return this.firsts.words[list]!;
  }

  /** The list without the CPU that comes first; there is one. */
  rest(list: number): number {
    return this.rests.words[list]!;
  }

  #number(length: number): number {
    const list = this.#table.intern(this.#words, length);
    if (list < this.#lists.length) return list;
    this.#lists.push(this.#words.slice(0, length));
    this.firsts.push(length === 0 ? -1 : this.#words[length - 1]!);
    this.rests.push(0);
    if (length === 0) return list;
    const rest = this.#number(length - 1);
    this.rests.words[list] = rest;
    return list;
  }
}
