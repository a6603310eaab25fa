import type { ExecutionEnvironment } from '../isa/execution-environment.js';
import { TagMask } from '../isa/tag-mask.js';
import { RegisterFile } from './register-file.js';
import type { WatchedWord } from './watched-word.js';

/** Instructions of the routine that loads a word: the load, and `ret`. */
const LOAD_INSTRUCTIONS = 2;

/** Loads of words for threads, where they can be done in the middle of the program; nothing is executed where not. */
export interface Glance {
  /**
   * Loads a word for the thread at `base`, and notes where it was found.
   *
   * @returns the word as int32; undefined when others may come first or want to know
   */
  readonly load: (base: number, word: WatchedWord) => number | undefined;
  /**
   * Whether a word was loaded for the thread at `base` where it was found before, and is 0; nothing is executed where
   * not. Finds it for the next time.
   */
  readonly isZero: (base: number, word: WatchedWord) => boolean;
  /** A thread begins, whose register file may have been one of another address space. */
  readonly begun: () => void;
}

/**
 * Makes the one load that a program can do by itself, without an operation.
 *
 * It takes as many instructions as the routine that loads, and finds what that would find: a translation tag that
 * fits says that nobody watches accesses, and that no store buffer is in between. Until one is taken back, which begins
 * another generation, a word is where it was.
 *
 * @param generation word 0: see `TranslationCache.generation`
 * @param budget word 0: instructions that may still be executed before the next decision
 */
export function createGlance(
  { registers, translations, memory }: ExecutionEnvironment,
  generation: Int32Array,
  budget: Int32Array,
): Glance {
  const { words } = memory;

  function find(base: number, word: WatchedWord): boolean {
    const { address } = word;
    const entry = registers[base | RegisterFile.Translations]! + ((address >>> 10) & 252);
    if ((address & TagMask.Word) !== translations[entry]) return false;
    word.base = base;
    word.generation = generation[0]!;
    word.index = ((address + translations[entry + 2]!) | 0) >> 2;
    return true;
  }

  return {
    load(base, word) {
      if ((word.base !== base || word.generation !== generation[0]) && !find(base, word))
        return undefined;
      const left = (budget[0]! - LOAD_INSTRUCTIONS) | 0;
      if (left < 0) return undefined;
      budget[0] = left;
      return words[word.index];
    },
    // What may be undefined is no plain number to V8; and where a word that was found anew is looked at at once, two ways
    // lead to the answer, which is then one more value to be told true from false.
    isZero(base, word) {
      if (word.base !== base || word.generation !== generation[0]) {
        find(base, word);
        return false;
      }
      const left = (budget[0]! - LOAD_INSTRUCTIONS) | 0;
      if (left < 0 || words[word.index] !== 0) return false;
      budget[0] = left;
      return true;
    },
    begun() {
      generation[0]! += 1;
    },
  };
}

/** Of a machine that has to know what a program received: each load is an operation. */
export const NO_GLANCE: Glance = {
  load: () => undefined,
  isZero: () => false,
  begun: () => undefined,
};
