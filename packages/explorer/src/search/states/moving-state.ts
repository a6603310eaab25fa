import { Combinations } from './combinations.js';
import { LeafField, SAME } from './leaf.js';
import type { StateParts } from './state-parts.js';
import { Unsuitable } from './unsuitable.js';

/** Slots that a state can have. */
const MOST_SLOTS = 1 << 14;

/** Words that hold what changed between two states, a slot and its value for each change. */
const CHANGED_WORDS = 1 << 12;

/**
 * The state that a search is in: between two states that it meets, phases change it and are undone.
 *
 * A state is what the kernel keeps, how threads came there and what memory holds, a number each, and a
 * number for each thread. Of each there are few, though there are many states. The words of the state
 * are there as well, to be read one by one; those that follow from the kernel's number, and those of
 * entries and memory after the last phase of a transition, only once they are asked for.
 */
export class MovingState {
  /** Number of all that the kernel keeps. */
  kernel = 0;
  /** Number of the list of CPUs that are on their way to user mode. */
  marks = 0;
  /** Number of how threads came into the kernel. */
  entries = 0;
  /** Number of what memory holds. */
  memory = 0;
  /** See `StateLayout`. */
  readonly words: Int32Array = new Int32Array(MOST_SLOTS);
  /** How threads came into the kernel; of those that are not there, how they did last. */
  readonly allEntries: Combinations;
  /** What memory holds. */
  readonly allMemory: Combinations;
  /** Words before they were changed: (slot, value). */
  readonly #before = new Int32Array(CHANGED_WORDS);
  #changes = 0;
  /** Of which entries and memory the words are; -1 of none. */
  #entriesRead = -1;
  #memoryRead = -1;
  readonly #parts: StateParts;
  readonly #firstThread: number;
  readonly #firstEntry: number;
  readonly #firstWord: number;

  /** Starts in what slots hold at the start of a run. */
  constructor(parts: StateParts) {
    const { layout, base } = parts;
    this.#parts = parts;
    this.#firstThread = layout.thread(0);
    this.#firstEntry = layout.entry(0);
    this.#firstWord = layout.memory;
    this.allEntries = new Combinations(base.slice(this.#firstEntry, this.#firstWord));
    this.allMemory = new Combinations(base.slice(this.#firstWord));
    this.words.set(base);
    this.kernel = base[layout.kernel]!;
    this.marks = base[layout.marks]!;
  }

  /** States have another slot, in which all states so far hold `value`. */
  extend(slot: number, value: number): void {
    if (slot >= MOST_SLOTS) throw new Unsuitable('there are too many words of memory');
    this.allMemory.widen(value);
    this.words[slot] = value;
  }

  /** Enters a state, once its numbers and the parts of its threads are set. */
  enter(): void {
    this.marks = 0;
    this.#changes = 0;
    if (this.entries !== this.#entriesRead) {
      this.allEntries.read(this.entries, this.words, this.#firstEntry);
      this.#entriesRead = this.entries;
    }
    if (this.memory !== this.#memoryRead) {
      this.allMemory.read(this.memory, this.words, this.#firstWord);
      this.#memoryRead = this.memory;
    }
  }

  /** What a slot holds. */
  read(slot: number): number {
    return slot >= this.#firstThread ? this.words[slot]! : this.#derived(slot);
  }

  /** Writes the words that follow from the kernel's number. */
  derive(): void {
    for (let slot = 0; slot < this.#firstThread; slot++) this.words[slot] = this.#derived(slot);
  }

  /**
   * Makes the changes of a leaf that starts at `at`.
   *
   * @param isSettling whether a CPU comes off its list, unless the leaf says what becomes of the list
   * @param isWhole whether words are wanted after the last phase, too
   * @throws Unsuitable for more changes than can be undone
   */
  change(leaves: Int32Array, at: number, isSettling: boolean, isWhole: boolean): void {
    const { kernel, marks } = this.#parts;
    const all = leaves[at + LeafField.Kernel]!;
    const owner = leaves[at + LeafField.Owner]!;
    const list = leaves[at + LeafField.Marks]!;
    if (all !== SAME) this.kernel = all;
    else if (owner !== SAME)
      this.kernel = kernel.successor(this.kernel, owner, leaves[at + LeafField.Own]!);
    if (list !== SAME) this.marks = list;
    else if (isSettling) this.marks = marks.rest(this.marks);
    this.entries = this.allEntries.after(this.entries, leaves[at + LeafField.Entries]!);
    this.memory = this.allMemory.after(this.memory, leaves[at + LeafField.Memory]!);
    const isLast = this.marks === 0 && !isWhole;
    const end = at + leaves[at + (isLast ? LeafField.Parts : LeafField.End)]!;
    if (this.#changes + end - at - LeafField.First > CHANGED_WORDS)
      throw new Unsuitable('a transition changes too many words');
    for (let from = at + LeafField.First; from < end; from += 2) {
      const slot = leaves[from]!;
      this.#before[this.#changes++] = slot;
      this.#before[this.#changes++] = this.words[slot]!;
      this.words[slot] = leaves[from + 1]!;
    }
  }

  /** How many changes can be undone. */
  get changes(): number {
    return this.#changes;
  }

  /** Undoes changes of words until so many are left. */
  undo(changes: number): void {
    while (this.#changes > changes) {
      const value = this.#before[--this.#changes]!;
      this.words[this.#before[--this.#changes]!] = value;
    }
  }

  #derived(slot: number): number {
    const { layout, kernel } = this.#parts;
    if (slot === layout.kernel) return this.kernel;
    return slot === layout.marks ? this.marks : kernel.part(this.kernel, slot - layout.common);
  }
}
