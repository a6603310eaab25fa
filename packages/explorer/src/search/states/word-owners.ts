/** Stands for the kernel among the bits of threads. */
const KERNEL = 1 << 31;

/** Stands for more threads than one, and the kernel. */
const EVERYBODY = -1;

/** What is known of a word of memory: bits of threads, and of the kernel. */
export interface WordFacts {
  readonly address: number;
  /** Who accessed it in user mode, and whether the kernel did. */
  readonly users: number;
  /** Who accessed it, and in whose name the kernel did. */
  readonly kernel: number;
  /** For whom it was accessed early. */
  readonly early: number;
  /** Whether it was relied on that it is one thread's alone. */
  readonly isReliedOn: boolean;
}

/**
 * Who accesses words of memory, as far as a search has met it, and what it has taken for granted.
 *
 * Whoever relies on a word being one thread's alone is told when that turns out to be wrong: then the
 * search has to start again, with that word known to be shared.
 */
export class WordOwners {
  /** Whether anything that was relied on has turned out to be wrong. */
  isWrong = false;
  /** Whether a thread accesses what the kernel keeps of another: then nothing may be done early. */
  isForeign = false;
  /** Addresses of words that are known to be shared, from one pass to the next. */
  readonly #shared: Set<number>;
  readonly #addresses: number[] = [];
  /** By word: bits of the threads that accessed it in user mode, and of the kernel. */
  readonly #users: number[] = [];
  /** By word: bits of the threads in whose name the kernel accessed it. */
  readonly #kernel: number[] = [];
  /** By word: bits of the threads for which it was accessed early. */
  readonly #early: number[] = [];
  readonly #isReliedOn: boolean[] = [];

  /** @param shared addresses of words that are known to be shared */
  constructor(shared: readonly number[] = []) {
    this.#shared = new Set(shared);
  }

  /** What is known of every word, for others who search together. */
  get facts(): WordFacts[] {
    return this.#addresses.map((address, word) => ({
      address,
      users: this.#users[word]!,
      kernel: this.#kernel[word]!,
      early: this.#early[word]!,
      isReliedOn: this.#isReliedOn[word]!,
    }));
  }

  /** A pass begins; what is known to be shared stays so. */
  begin(): void {
    this.isWrong = false;
    this.isForeign = false;
    for (const list of [this.#addresses, this.#users, this.#kernel, this.#early, this.#isReliedOn])
      list.length = 0;
  }

  /**
   * Notes accesses to a word, by bits of threads.
   *
   * @param users who accessed it in user mode
   * @param kernel in whose name the kernel did
   * @param early for whom it did so early
   */
  note(word: number, address: number, users: number, kernel: number, early: number): void {
    while (this.#users.length <= word) {
      this.#addresses.push(0);
      this.#users.push(0);
      this.#kernel.push(0);
      this.#early.push(0);
      this.#isReliedOn.push(false);
    }
    this.#addresses[word] = address;
    this.#users[word]! |= this.#shared.has(address) ? EVERYBODY : users;
    if (kernel !== 0) this.#users[word]! |= KERNEL;
    this.#kernel[word]! |= kernel | users;
    this.#early[word]! |= early;
    if (this.#early[word] !== 0 && !isOne(this.#kernel[word]!)) this.isForeign = true;
    if (!this.#isReliedOn[word] || isOne(this.#users[word]!)) return;
    this.#shared.add(address);
    this.isWrong = true;
  }

  /** Whether all words are, so far, those of a thread alone. */
  areOf(thread: number, words: readonly number[]): boolean {
    for (let i = 0; i < words.length; i++) if (this.#users[words[i]!] !== 1 << thread) return false;
    return true;
  }

  /** From now on it is relied on that words are one thread's alone. */
  relyOn(words: readonly number[]): void {
    for (let i = 0; i < words.length; i++) this.#isReliedOn[words[i]!] = true;
  }
}

/** What comes of it when several rely on words, each by what it has met. */
export interface OwnersTogether {
  readonly facts: readonly WordFacts[];
  /** Addresses of words that are shared, though somebody relied on their being one thread's alone. */
  readonly wrong: readonly number[];
  /** Whether a thread accesses what the kernel keeps of another: then nothing may be done early. */
  readonly isForeign: boolean;
}

/** Puts together what several know of words. */
export function ownersTogether(all: readonly WordFacts[]): OwnersTogether {
  const byAddress = new Map<number, WordFacts>();
  for (const one of all) {
    const other = byAddress.get(one.address);
    byAddress.set(one.address, other === undefined ? one : either(one, other));
  }
  const facts = [...byAddress.values()];
  const wrong = facts.filter(({ users, isReliedOn }) => isReliedOn && !isOne(users));
  return {
    facts,
    wrong: wrong.map(({ address }) => address),
    isForeign: facts.some(({ early, kernel }) => early !== 0 && !isOne(kernel)),
  };
}

function either(a: WordFacts, b: WordFacts): WordFacts {
  return {
    address: a.address,
    users: a.users | b.users,
    kernel: a.kernel | b.kernel,
    early: a.early | b.early,
    isReliedOn: a.isReliedOn || b.isReliedOn,
  };
}

function isOne(bits: number): boolean {
  return (bits & (bits - 1)) === 0;
}
