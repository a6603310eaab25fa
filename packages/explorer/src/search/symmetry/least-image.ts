import type { Combinations } from '../states/combinations.js';
import { ComponentTable } from '../states/component-table.js';
import type { MovingState } from '../states/moving-state.js';
import type { StateParts } from '../states/state-parts.js';
import { WordList } from '../states/word-list.js';
import type { StateImages } from './state-images.js';
import { ThreadOrders } from './thread-orders.js';

/** Stands for what is not known yet. */
const UNKNOWN = -1;

/** Words of memory at most. */
const MOST_SLOTS = 1 << 14;

/** Where the numbers of threads' parts begin, behind those of the kernel, of memory and of entries. */
const THREADS = 3;

/**
 * What all states have in common that interchangeable threads make of each other: the least of their images.
 *
 * Images are looked up by the numbers of a state's parts, and have names, which are numbers too: the same words
 * have the same name. Only those images are looked at in which the threads of a group are in order.
 */
export class LeastImage {
  /** Name of all that the kernel keeps. */
  kernel = 0;
  /** Name of what memory holds. */
  memory = 0;
  /** Name of how those threads came into the kernel that are there. */
  entries = 0;
  /** Numbers of what threads have for themselves. */
  readonly threads: Int32Array;
  readonly #images: StateImages;
  readonly #parts: StateParts;
  readonly #orders: ThreadOrders;
  readonly #count: number;
  /** By number of a part and permutation. */
  readonly #kernels = new WordList();
  readonly #memories = new WordList();
  readonly #entries = new WordList();
  readonly #threads = new WordList();
  /** By number of a thread's part: the least that it can become. */
  readonly #least = new WordList();
  readonly #kernelNames = new ComponentTable();
  readonly #memoryNames = new ComponentTable();
  readonly #entryNames = new ComponentTable();
  /** Words of memory, and those that are not what they were at the start: (place, word). */
  readonly #words = new Int32Array(MOST_SLOTS);
  readonly #sparse = new Int32Array(MOST_SLOTS * 2);
  /** The numbers of the image that is looked at, and of the least so far. */
  #present: Int32Array;
  #best: Int32Array;

  constructor(images: StateImages) {
    const { parts, permutations } = images;
    this.#images = images;
    this.#parts = parts;
    this.#count = permutations.count;
    this.#orders = new ThreadOrders(permutations);
    this.threads = new Int32Array(parts.layout.threads);
    this.#present = new Int32Array(THREADS + parts.layout.threads);
    this.#best = new Int32Array(THREADS + parts.layout.threads);
  }

  /**
   * Computes the image of a state.
   *
   * @param entries the number of those entries that count, among `counted`
   */
  compute(state: MovingState, entries: number, counted: Combinations): void {
    const { threads } = state;
    const { ranks } = this.#orders;
    for (let thread = 0; thread < threads.length; thread++)
      ranks[thread] = this.#leastOf(thread, threads[thread]!);
    const candidates = this.#orders.find();
    for (let i = 0; i < candidates.length; i++) {
      const isLess = this.#look(state, entries, counted, candidates[i]!, i === 0);
      if (!isLess) continue;
      const best = this.#best;
      this.#best = this.#present;
      this.#present = best;
    }
    const best = this.#best;
    this.kernel = best[0]!;
    this.memory = best[1]!;
    this.entries = best[2]!;
    for (let thread = 0; thread < threads.length; thread++)
      this.threads[thread] = best[THREADS + thread]!;
  }

  /** Makes the image by a permutation; false where it is not less than the least so far. */
  #look(
    state: MovingState,
    entries: number,
    counted: Combinations,
    permutation: number,
    isFirst: boolean,
  ): boolean {
    const present = this.#present;
    const best = this.#best;
    const { places } = this.#images.permutations;
    const { threads } = state;
    present[0] = this.#kernel(state.kernel, permutation);
    if (!isFirst && present[0] > best[0]!) return false;
    present[1] = this.#memory(state, permutation);
    if (!isFirst && present[0] === best[0] && present[1] > best[1]!) return false;
    present[2] = this.#entry(entries, counted, permutation);
    for (let thread = 0; thread < threads.length; thread++)
      present[THREADS + places[permutation * threads.length + thread]!] = this.#thread(
        thread,
        threads[thread]!,
        permutation,
      );
    if (isFirst) return true;
    for (let i = 0; i < present.length; i++)
      if (present[i] !== best[i]) return present[i]! < best[i]!;
    return false;
  }

  /** The least of what a thread's part can become. */
  #leastOf(thread: number, part: number): number {
    const known = part < this.#least.length ? this.#least.words[part]! : UNKNOWN;
    if (known !== UNKNOWN) return known;
    let least = part;
    for (let p = 0; p < this.#count; p++) least = Math.min(least, this.#thread(thread, part, p));
    this.#least.fill(part + 1, UNKNOWN);
    this.#least.words[part] = least;
    return least;
  }

  #thread(thread: number, part: number, permutation: number): number {
    const at = part * this.#count + permutation;
    const known = at < this.#threads.length ? this.#threads.words[at]! : UNKNOWN;
    if (known !== UNKNOWN) return known;
    const slot = this.#parts.layout.thread(thread);
    return note(this.#threads, at, this.#images.known(permutation, slot, part));
  }

  #kernel(kernel: number, permutation: number): number {
    const at = kernel * this.#count + permutation;
    const known = at < this.#kernels.length ? this.#kernels.words[at]! : UNKNOWN;
    if (known !== UNKNOWN) return known;
    const { parts } = this.#parts.kernel.all[kernel]!;
    const image = this.#images.kernelParts(permutation, parts);
    return note(this.#kernels, at, this.#kernelNames.intern(image, image.length));
  }

  #memory({ memory, allMemory }: MovingState, permutation: number): number {
    const at = memory * this.#count + permutation;
    const known = at < this.#memories.length ? this.#memories.words[at]! : UNKNOWN;
    if (known !== UNKNOWN) return known;
    this.#images.memory(permutation, memory, allMemory, this.#words);
    // Words come in with their first access: those that hold what they held at the start say nothing.
    const { layout, base } = this.#parts;
    let length = 0;
    for (let i = 0; i < allMemory.width; i++) {
      const word = this.#words[i]!;
      if (word === base[layout.memory + i]) continue;
      this.#sparse[length++] = i;
      this.#sparse[length++] = word;
    }
    return note(this.#memories, at, this.#memoryNames.intern(this.#sparse, length));
  }

  #entry(entries: number, counted: Combinations, permutation: number): number {
    const at = entries * this.#count + permutation;
    const known = at < this.#entries.length ? this.#entries.words[at]! : UNKNOWN;
    if (known !== UNKNOWN) return known;
    const { layout } = this.#parts;
    const words = new Int32Array(layout.threads);
    const image = new Int32Array(layout.threads);
    counted.read(entries, words, 0);
    for (let thread = 0; thread < words.length; thread++) {
      const word = words[thread]!;
      image[this.#images.permutations.place(permutation, thread)] =
        word < 0 ? word : this.#images.known(permutation, layout.entry(thread), word);
    }
    return note(this.#entries, at, this.#entryNames.intern(image, image.length));
  }
}

function note(list: WordList, at: number, word: number): number {
  list.fill(at + 1, UNKNOWN);
  list.words[at] = word;
  return word;
}
