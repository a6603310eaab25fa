import type { MovingState } from '../moving-state.js';
import type { StateParts } from '../state-parts.js';
import { PartKind } from './part-kind.js';
import type { PartRegistry } from './part-registry.js';
import type { PartTeller } from './shared-numbers.js';

/**
 * Tells what memory holds: (address, word) of all words that are not as at the start, by their addresses.
 *
 * Which words are known, and in which order they came to be, is each thread's own.
 */
export class MemoryTeller implements PartTeller {
  readonly #registry: PartRegistry;
  readonly #parts: StateParts;
  readonly #state: MovingState;
  /** Words of memory, by place, in the order of their addresses. */
  #order: number[] = [];

  constructor(registry: PartRegistry, parts: StateParts, state: MovingState) {
    this.#registry = registry;
    this.#parts = parts;
    this.#state = state;
  }

  tell(own: number): number {
    const { allMemory } = this.#state;
    const { layout, base } = this.#parts;
    const words: number[] = [PartKind.Memory];
    for (const place of this.#sorted()) {
      const word = allMemory.word(own, place);
      const slot = layout.memory + place;
      if (word !== base[slot]) words.push(this.#parts.addressOf(slot), word);
    }
    return this.#registry.intern(words);
  }

  learn(common: number): number {
    const words = this.#registry.words(common);
    const effects: number[] = [];
    for (let at = 1; at < words.length; at += 2) {
      const slot = this.#parts.slotOfWord(words[at]!);
      effects.push(slot - this.#parts.layout.memory, words[at + 1]!);
    }
    const { allMemory } = this.#state;
    return allMemory.after(0, allMemory.change(effects));
  }

  #sorted(): readonly number[] {
    const { width } = this.#state.allMemory;
    if (this.#order.length !== width) {
      const addressOf = (place: number): number =>
        this.#parts.addressOf(this.#parts.layout.memory + place);
      this.#order = Array.from({ length: width }, (_, place) => place);
      this.#order.sort((a, b) => addressOf(a) - addressOf(b));
    }
    return this.#order;
  }
}
