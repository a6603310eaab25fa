import type { Combinations } from '../states/combinations.js';
import type { StateParts } from '../states/state-parts.js';
import { Asymmetry } from './asymmetry.js';
import type { Permutations } from './permutations.js';

/** Room for words of memory that come in while a phase is carried out. */
const NEW_SLOTS = 64;

/** A word of a state and what it becomes: slot and value, before and behind. */
export interface WordPair {
  readonly slot: number;
  readonly value: number;
  readonly toSlot: number;
  readonly toValue: number;
}

/** What becomes of words by one permutation, and the way back. */
interface Image {
  /** Slots of memory. */
  readonly slots: Map<number, number>;
  readonly slotsBack: Map<number, number>;
  /** By slot: values. */
  readonly values: Map<number, number>[];
  readonly valuesBack: Map<number, number>[];
}

/**
 * What becomes of a state when interchangeable threads are in each other's places.
 *
 * Nobody says what a word means: which number of a thread's part, or which word of memory, stands for which is
 * learned from phases that were carried out on both sides. That each word has one image, and is the image of one,
 * whatever state it is in, is what makes the images of states a permutation of them; where it does not hold the
 * threads are not interchangeable.
 */
export class StateImages {
  readonly permutations: Permutations;
  readonly parts: StateParts;
  readonly #images: readonly Image[];

  /** Starts with the start of a run, which all permutations leave as it is. */
  constructor(parts: StateParts, permutations: Permutations) {
    this.parts = parts;
    this.permutations = permutations;
    const { layout, base } = parts;
    this.#images = Array.from({ length: permutations.count }, () => ({
      slots: new Map<number, number>(),
      slotsBack: new Map<number, number>(),
      values: [],
      valuesBack: [],
    }));
    for (let p = 0; p < permutations.count; p++)
      for (let slot = layout.common; slot < layout.memory; slot++) {
        const toSlot = this.slot(p, slot);
        this.learn(p, { slot, value: base[slot]!, toSlot, toValue: base[toSlot]! });
      }
  }

  /** The slot that a slot becomes; -1 of a word of memory of which that is not known. */
  slot(permutation: number, slot: number): number {
    if (permutation === 0) return slot;
    const { layout } = this.parts;
    const { permutations } = this;
    if (slot >= layout.memory) return this.#images[permutation]!.slots.get(slot) ?? -1;
    if (slot >= layout.entry(0))
      return layout.entry(permutations.place(permutation, slot - layout.entry(0)));
    if (slot >= layout.thread(0))
      return layout.thread(permutations.place(permutation, slot - layout.thread(0)));
    const owner = layout.ownerOf(slot);
    return owner < 0 ? slot : layout.own(permutations.place(permutation, owner));
  }

  /** What a value of a slot becomes; undefined where that is not known. */
  value(permutation: number, slot: number, value: number): number | undefined {
    if (permutation === 0) return value;
    return this.#images[permutation]!.values[slot]?.get(value);
  }

  /** What a value of a slot becomes, which was met. @throws Asymmetry where it was not */
  known(permutation: number, slot: number, value: number): number {
    const to = this.value(permutation, slot, value);
    if (to === undefined) throw new Asymmetry(`${this.#name(slot)} that one thread alone leads to`);
    return to;
  }

  /** Whether a pair goes with all that is known: each has one image, and is the image of one. */
  agrees(permutation: number, { slot, value, toSlot, toValue }: WordPair): boolean {
    const { slots, slotsBack, values, valuesBack } = this.#images[permutation]!;
    if (slot >= this.parts.layout.memory) {
      if ((slots.get(slot) ?? toSlot) !== toSlot) return false;
      if ((slotsBack.get(toSlot) ?? slot) !== slot) return false;
    }
    if ((values[slot]?.get(value) ?? toValue) !== toValue) return false;
    return (valuesBack[toSlot]?.get(toValue) ?? value) === value;
  }

  /** Takes a pair in. @throws Asymmetry where it does not agree with what is known */
  learn(permutation: number, pair: WordPair): void {
    if (!this.agrees(permutation, pair)) throw new Asymmetry(this.describe(pair));
    const { slot, value, toSlot, toValue } = pair;
    const { slots, slotsBack, values, valuesBack } = this.#images[permutation]!;
    if (slot >= this.parts.layout.memory) {
      slots.set(slot, toSlot);
      slotsBack.set(toSlot, slot);
    }
    (values[slot] ??= new Map()).set(value, toValue);
    (valuesBack[toSlot] ??= new Map()).set(toValue, value);
  }

  /** What becomes of the numbers of all that the kernel keeps, as they lie from the layout's `common` on. */
  kernelParts(permutation: number, parts: Int32Array): Int32Array {
    const { common } = this.parts.layout;
    const image = new Int32Array(parts.length);
    for (let i = 0; i < parts.length; i++)
      image[this.slot(permutation, common + i) - common] = this.known(
        permutation,
        common + i,
        parts[i]!,
      );
    return image;
  }

  /** What becomes of the words of a state. */
  words(permutation: number, words: Int32Array): Int32Array {
    const { layout, kernel, base } = this.parts;
    const image = new Int32Array(base.length + NEW_SLOTS);
    const parts = words.slice(layout.common, layout.thread(0));
    image[layout.kernel] = kernel.numberOf(this.kernelParts(permutation, parts));
    image[layout.marks] = words[layout.marks]!;
    kernel.derive(image);
    for (let slot = layout.thread(0); slot < layout.entry(0); slot++)
      image[this.slot(permutation, slot)] = this.known(permutation, slot, words[slot]!);
    // How a thread came into the kernel that is not there is of no consequence.
    for (let slot = layout.entry(0); slot < layout.memory; slot++)
      image[this.slot(permutation, slot)] =
        this.value(permutation, slot, words[slot]!) ?? words[slot]!;
    for (let slot = layout.memory; slot < base.length; slot++) image[slot] = base[slot]!;
    for (let slot = layout.memory; slot < base.length; slot++) {
      const to = this.slot(permutation, slot);
      if (to >= 0 || words[slot] !== base[slot])
        image[to] = this.known(permutation, slot, words[slot]!);
    }
    return image;
  }

  /** Writes what becomes of the words of memory that have a number among combinations. */
  memory(
    permutation: number,
    number: number,
    { words, width }: Combinations,
    out: Int32Array,
  ): void {
    const { layout, base } = this.parts;
    const from = number * width;
    for (let i = 0; i < width; i++) out[i] = base[layout.memory + i]!;
    for (let i = 0; i < width; i++) {
      const slot = layout.memory + i;
      const word = words[from + i]!;
      if (word === base[slot]) continue;
      out[this.slot(permutation, slot) - layout.memory] = this.known(permutation, slot, word);
    }
  }

  /** Says of a pair that does not agree with what is known what it is about. */
  describe({ slot, value, toValue }: WordPair): string {
    const numbers = slot < this.parts.layout.memory ? '' : `: ${value} here, ${toValue} there`;
    return `${this.#name(slot)} that tells one thread from another${numbers}`;
  }

  #name(slot: number): string {
    const { layout } = this.parts;
    if (slot >= layout.memory) {
      const address = this.parts.addressOf(slot);
      return `a word of memory (at 0x${address.toString(16)})`;
    }
    return slot < layout.thread(0) ? 'something that the kernel keeps' : 'a state of a thread';
  }
}
