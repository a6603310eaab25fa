import { Combinations } from './combinations.js';
import { LeafField, SAME } from './leaf.js';
import type { StateParts } from './state-parts.js';
import { Unsuitable } from './unsuitable.js';

/** Slots that a state can have. */
const MOST_SLOTS = 1 << 14;

/** Words that hold what changed between two states, a thread and its part for each change. */
const CHANGED_WORDS = 1 << 12;

/**
 * The state that a search is in: between two states that it meets, phases change it and are undone.
 *
 * A state is what the kernel keeps, how threads came there and what memory holds, a number each, and a
 * number for each thread. Of each there are few, though there are many states. What words a state has
 * follows from these numbers: they can be read one by one, or all be written out for the machine.
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
  /** Numbers of what threads have for themselves. */
  readonly threads: Int32Array;
  /** How threads came into the kernel; of those that are not there, how they did last. */
  readonly allEntries: Combinations;
  /** What memory holds. */
  readonly allMemory: Combinations;
  /** Threads before they were changed: (thread, part). */
  readonly #before = new Int32Array(CHANGED_WORDS);
  #changes = 0;
  readonly #words = new Int32Array(MOST_SLOTS);
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
    this.threads = new Int32Array(layout.threads);
    this.allEntries = new Combinations(base.slice(this.#firstEntry, this.#firstWord));
    this.allMemory = new Combinations(base.slice(this.#firstWord));
    this.begin();
  }

  /** Goes to what slots hold at the start of a run. */
  begin(): void {
    const { layout, base } = this.#parts;
    this.kernel = base[layout.kernel]!;
    this.marks = base[layout.marks]!;
    for (let i = 0; i < this.threads.length; i++) this.threads[i] = base[this.#firstThread + i]!;
    // Both are the combination that was there first.
    this.entries = 0;
    this.memory = 0;
    this.#changes = 0;
  }

  /** States have another slot, in which all states so far hold `value`. */
  extend(slot: number, value: number): void {
    if (slot >= MOST_SLOTS) throw new Unsuitable('there are too many words of memory');
    this.allMemory.widen(value);
    this.#words[slot] = value;
  }

  /** What a slot holds; see `StateLayout`. */
  read(slot: number): number {
    if (slot >= this.#firstWord) return this.allMemory.word(this.memory, slot - this.#firstWord);
    if (slot < this.#firstThread) return this.#derived(slot);
    if (slot < this.#firstEntry) return this.threads[slot - this.#firstThread]!;
    return this.allEntries.word(this.entries, slot - this.#firstEntry);
  }

  /** Writes out what all slots hold; it stays until the next time, whatever becomes of the state. */
  words(): Int32Array {
    const words = this.#words;
    for (let slot = 0; slot < this.#firstThread; slot++) words[slot] = this.#derived(slot);
    words.set(this.threads, this.#firstThread);
    this.allEntries.read(this.entries, words, this.#firstEntry);
    this.allMemory.read(this.memory, words, this.#firstWord);
    return words;
  }

  /**
   * Makes the changes of a leaf that starts at `at`.
   *
   * @param isSettling whether a CPU comes off its list, unless the leaf says what becomes of the list
   * @throws Unsuitable for more changes than can be undone
   */
  change(leaves: Int32Array, at: number, isSettling: boolean): void {
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
    const end = at + leaves[at + LeafField.End]!;
    if (this.#changes + end - at - LeafField.First > CHANGED_WORDS)
      throw new Unsuitable('a transition changes too many threads');
    for (let from = at + LeafField.First; from < end; from += 2) {
      const thread = leaves[from]!;
      this.#before[this.#changes++] = thread;
      this.#before[this.#changes++] = this.threads[thread]!;
      this.threads[thread] = leaves[from + 1]!;
    }
  }

  /** How many changes of threads can be undone. */
  get changes(): number {
    return this.#changes;
  }

  /** Undoes changes of threads until so many are left. */
  undo(changes: number): void {
    while (this.#changes > changes) {
      const part = this.#before[--this.#changes]!;
      this.threads[this.#before[--this.#changes]!] = part;
    }
  }

  #derived(slot: number): number {
    const { layout, kernel } = this.#parts;
    if (slot === layout.kernel) return this.kernel;
    return slot === layout.marks ? this.marks : kernel.part(this.kernel, slot - layout.common);
  }
}
