import type { KernelParts } from './kernel-parts.js';
import type { MarkLists } from './mark-lists.js';
import { MOST_LANES, laneOf } from './state-lanes.js';
import type { StateLayout } from './state-layout.js';

/** Slots that a state can have. */
const MOST_SLOTS = 1 << 16;

/** What a draft is made of: which slot is what, and what the kernel can keep. */
export interface DraftParts {
  readonly layout: StateLayout;
  readonly kernel: KernelParts;
  readonly marks: MarkLists;
  /** What every slot holds at the start; as many as there are. */
  readonly base: readonly number[];
}

/**
 * A state that is being made from another by changes, with its hash: the sum, over all slots, of what
 * tells the state apart from the start of a run.
 */
export class StateDraft {
  readonly words: Int32Array = new Int32Array(MOST_SLOTS);
  readonly hash: Int32Array = new Int32Array(MOST_LANES);
  readonly #lanes: number;
  readonly #parts: DraftParts;
  readonly #memory: number;
  readonly #firstThread: number;
  readonly #firstEntry: number;

  /** @param lanes words of a hash */
  constructor(lanes: number, parts: DraftParts) {
    const { layout } = parts;
    this.#lanes = lanes;
    this.#parts = parts;
    this.#memory = layout.memory;
    this.#firstThread = layout.thread(0);
    this.#firstEntry = layout.entry(0);
  }

  /** Begins with another state. */
  copy({ words, hash }: StateDraft): void {
    const width = this.#parts.base.length;
    const to = this.words;
    for (let slot = 0; slot < width; slot++) to[slot] = words[slot]!;
    for (let lane = 0; lane < this.#lanes; lane++) this.hash[lane] = hash[lane]!;
  }

  /** The CPU that is marked last is no longer marked. */
  unmark(): void {
    const { layout, marks } = this.#parts;
    this.words[layout.marks] = marks.rest(this.words[layout.marks]!);
  }

  /** Makes changes: (slot, value), from `first` to below `end`. */
  change(effects: Int32Array, first: number, end: number): void {
    const { words } = this;
    for (let at = first; at < end; at += 2) {
      const slot = effects[at]!;
      const value = effects[at + 1]!;
      const before = words[slot]!;
      if (before === value) continue;
      words[slot] = value;
      if (slot >= this.#memory || (slot >= this.#firstThread && slot < this.#firstEntry))
        this.replace(slot, before, value);
      else if (slot < this.#firstThread) this.#changeKernel(slot, value);
    }
  }

  /** Counts in what `before`, whose changed words these are, had else: of the kernel, and of who is in it. */
  finish(before: Int32Array): void {
    const { layout, kernel } = this.#parts;
    const { words } = this;
    const from = before[layout.kernel]!;
    const to = words[layout.kernel]!;
    if (from !== to) this.replace(layout.kernel, from, to);
    const wereIn = kernel.inKernel(from);
    const areIn = kernel.inKernel(to);
    if ((wereIn | areIn) === 0) return;
    for (let thread = 0; thread < layout.threads; thread++) {
      const slot = this.#firstEntry + thread;
      const old = ((wereIn >>> thread) & 1) === 0 ? -1 : before[slot]!;
      const value = ((areIn >>> thread) & 1) === 0 ? -1 : words[slot]!;
      if (old !== value) this.replace(slot, old, value);
    }
  }

  /** Counts in that something is `value` and no longer `before`. */
  replace(slot: number, before: number, value: number): void {
    const { hash } = this;
    for (let lane = 0; lane < this.#lanes; lane++)
      hash[lane] = (hash[lane]! - laneOf(lane, slot, before) + laneOf(lane, slot, value)) | 0;
  }

  /** Writes the words that tell a state apart, and others in the place of those that do not. */
  canonical(into: Int32Array): void {
    const { layout, kernel, base } = this.#parts;
    const { words } = this;
    const inKernel = kernel.inKernel(words[layout.kernel]!);
    for (let slot = 0; slot < base.length; slot++)
      into[slot] = slot === layout.kernel || slot >= this.#firstThread ? words[slot]! : 0;
    for (let thread = 0; thread < layout.threads; thread++)
      if (((inKernel >>> thread) & 1) === 0) into[this.#firstEntry + thread] = -1;
  }

  #changeKernel(slot: number, value: number): void {
    const { layout, kernel } = this.#parts;
    const { words } = this;
    const owner = layout.ownerOf(slot);
    if (owner >= 0) words[layout.kernel] = kernel.successor(words[layout.kernel]!, owner, value);
    else if (slot === layout.kernel) kernel.derive(words);
  }
}
