import { WordList } from '../word-list.js';

/** What is not known yet. */
const UNKNOWN = -1;

/** How parts of one kind are told to others, and learned from them. */
export interface PartTeller {
  /** The common number of a part by its own number. */
  tell(own: number): number;
  /** The own number of a part by its common number. */
  learn(common: number): number;
}

/** A thread's own numbers of parts of one kind, and those that all threads have in common. */
export class SharedNumbers {
  readonly #teller: PartTeller;
  readonly #common = new WordList();
  readonly #own = new Map<number, number>();

  constructor(teller: PartTeller) {
    this.#teller = teller;
  }

  /** The common number by an own number. */
  common(own: number): number {
    const known = own < this.#common.length ? this.#common.words[own]! : UNKNOWN;
    return known === UNKNOWN ? this.#note(own, this.#teller.tell(own)) : known;
  }

  /** The own number by a common number. */
  own(common: number): number {
    const known = this.#own.get(common);
    if (known !== undefined) return known;
    const own = this.#teller.learn(common);
    this.#note(own, common);
    return own;
  }

  #note(own: number, common: number): number {
    this.#common.fill(own + 1, UNKNOWN);
    this.#common.words[own] = common;
    this.#own.set(common, own);
    return common;
  }
}
